package io.dvault.cbor;

/**
 * Bytes that are not strict dag-cbor, or a value that is not what its place requires: {@code offset} says where
 * if it is one place in the bytes, the message says why.
 */
public final class MalformedCborException extends Exception {
  private static final long serialVersionUID = 1L;
  private final int offset;

  public MalformedCborException(int offset, String why) {
    super(why + " at byte " + offset);
    this.offset = offset;
  }

  /** A well-formed value that is not what its place requires; {@code why} names the place. */
  public MalformedCborException(String why) {
    super(why);
    this.offset = -1;
  }

  /** Index of the byte at fault, or -1 when the fault is in a decoded value. */
  public int offset() {
    return offset;
  }
}
