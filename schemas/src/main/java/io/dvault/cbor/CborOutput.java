package io.dvault.cbor;

import java.nio.charset.StandardCharsets;

/** An array of just the bytes that one value takes, filled from its beginning. */
final class CborOutput {
  private final byte[] buffer;
  private int length;

  /** @param size bytes, as {@link CborLength} tells them */
  CborOutput(int size) {
    this.buffer = new byte[size];
  }

  void write(int value) {
    buffer[length++] = (byte) value;
  }

  /** The shortest head: major type in the upper three bits, {@code argument} as an unsigned number. RFC 8949 3. */
  void head(int major, long argument) {
    int width = CborLength.ofHead(argument) - 1;
    if (width == 0) {
      write(major << 5 | (int) argument);
    } else {
      write(major << 5 | 24 + Integer.numberOfTrailingZeros(width));
      bigEndian(argument, width);
    }
  }

  void bigEndian(long value, int width) {
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      buffer[length++] = (byte) (value >>> shift);
    }
  }

  void bytes(byte[] bytes) {
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  /** Text that was measured, so that it has a UTF-8 form. */
  void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    head(3, utf8.length);
    bytes(utf8);
  }

  /** The array itself, once it is full. */
  byte[] toBytes() {
    if (length != buffer.length) {
      throw new IllegalStateException("measured " + buffer.length + " bytes and wrote " + length);
    }
    return buffer;
  }
}
