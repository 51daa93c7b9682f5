package io.dvault.dag;

import io.dvault.cbor.Cid;
import java.util.List;

/** No source gave these bytes now. {@code attempts} says what each source answered, one line each. */
public final class BlockUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Cid cid;
  private final transient List<String> attempts;

  public BlockUnavailableException(Cid cid, List<String> attempts) {
    super("block " + cid + " is not available: " + String.join("; ", attempts));
    this.cid = cid;
    this.attempts = List.copyOf(attempts);
  }

  public Cid cid() {
    return cid;
  }

  public List<String> attempts() {
    return attempts;
  }
}
