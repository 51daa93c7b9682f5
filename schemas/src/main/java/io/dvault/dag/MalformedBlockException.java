package io.dvault.dag;

import io.dvault.cbor.Cid;

/** A block whose bytes are right by their hash, and wrong by their format: {@code cid} says which, the message why. */
public final class MalformedBlockException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Cid cid;

  public MalformedBlockException(Cid cid, String why) {
    super("block " + cid + " is malformed: " + why);
    this.cid = cid;
  }

  public Cid cid() {
    return cid;
  }
}
