package io.dvault.cbor;

/** Bytes that are not strict dag-cbor: {@code offset} says where, the message says why. */
public final class MalformedCborException extends Exception {
  private static final long serialVersionUID = 1L;
  private final int offset;

  public MalformedCborException(int offset, String why) {
    super(why + " at byte " + offset);
    this.offset = offset;
  }

  public int offset() {
    return offset;
  }
}
