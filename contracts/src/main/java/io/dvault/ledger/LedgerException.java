package io.dvault.ledger;

/** No endpoint gave a usable answer, or the chain is not the one expected. The message is fit for a user. */
public class LedgerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is at fault, as far as one endpoint can tell. */
  public enum Fault {
    ENDPOINT,
    OTHER_CHAIN,
    NO_CONTRACT
  }

  private final Fault fault;

  public LedgerException(String message) {
    this(Fault.ENDPOINT, message);
  }

  public LedgerException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  public LedgerException(String message, Throwable cause) {
    super(message, cause);
    this.fault = Fault.ENDPOINT;
  }

  public Fault fault() {
    return fault;
  }
}
