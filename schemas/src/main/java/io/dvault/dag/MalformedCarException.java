package io.dvault.dag;

/** Bytes that are not a CAR v1 as we write them, or a CAR over its limits: {@code offset} says where. */
public final class MalformedCarException extends Exception {
  private static final long serialVersionUID = 1L;
  private final long offset;

  public MalformedCarException(long offset, String why) {
    super(why + " at byte " + offset);
    this.offset = offset;
  }

  public long offset() {
    return offset;
  }
}
