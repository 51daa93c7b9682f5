package io.dvault.ledger;

/** No endpoint gave a usable answer, or the chain is not the one expected. The message is fit for a user. */
public class LedgerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LedgerException(String message) {
    super(message);
  }

  public LedgerException(String message, Throwable cause) {
    super(message, cause);
  }
}
