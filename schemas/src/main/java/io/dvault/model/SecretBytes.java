package io.dvault.model;

import java.util.Arrays;

/**
 * Bytes that nobody may print: wiped on close, shown as {@code (sensitive)}, compared by nothing. The array given
 * to {@link #owning} belongs to this object from then on.
 */
public final class SecretBytes implements AutoCloseable {
  private byte[] bytes;

  private SecretBytes(byte[] owned) {
    this.bytes = owned;
  }

  /** Takes ownership: the caller must not keep or change {@code bytes}. */
  public static SecretBytes owning(byte[] bytes) {
    return new SecretBytes(bytes);
  }

  public static SecretBytes copyOf(byte[] bytes) {
    return new SecretBytes(bytes.clone());
  }

  /** A fresh copy that the caller must wipe. */
  public byte[] copy() {
    return borrow().clone();
  }

  /** The bytes themselves, valid until close; the caller must neither change nor keep them. */
  public byte[] borrow() {
    if (bytes == null) {
      throw new IllegalStateException("secret used after it was wiped");
    }
    return bytes;
  }

  public int length() {
    return borrow().length;
  }

  @Override
  public void close() {
    if (bytes != null) {
      Arrays.fill(bytes, (byte) 0);
      bytes = null;
    }
  }

  @Override
  public String toString() {
    return "(sensitive)";
  }
}
