package io.dvault.cbor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array that refuses to grow past {@link DagCbor#MAX_LENGTH}. */
final class CborOutput {
  private byte[] buffer = new byte[256];
  private int length;
  private int values;

  void write(int value) {
    reserve(1);
    buffer[length++] = (byte) value;
  }

  /** The shortest head: major type in the upper three bits, {@code argument} as an unsigned number. RFC 8949 3. */
  void head(int major, long argument) {
    if (argument >= 0 && argument <= 23) {
      write(major << 5 | (int) argument);
    } else if (argument >= 0 && argument <= 0xff) {
      head(major, 24, argument, 1);
    } else if (argument >= 0 && argument <= 0xffff) {
      head(major, 25, argument, 2);
    } else if (argument >= 0 && argument <= 0xffff_ffffL) {
      head(major, 26, argument, 4);
    } else {
      head(major, 27, argument, 8);
    }
  }

  private void head(int major, int info, long argument, int width) {
    write(major << 5 | info);
    bigEndian(argument, width);
  }

  /** Counts one value against {@link DagCbor#MAX_VALUES}. */
  void countValue() {
    if (++values > DagCbor.MAX_VALUES) {
      throw new IllegalArgumentException("more than " + DagCbor.MAX_VALUES + " values");
    }
  }

  void bigEndian(long value, int width) {
    reserve(width);
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      buffer[length++] = (byte) (value >>> shift);
    }
  }

  void bytes(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  /** Throws IllegalArgumentException for half a surrogate pair. */
  void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (!new String(utf8, StandardCharsets.ISO_8859_1).equals(text)) { // faster than a look at each character of ASCII
      Utf8.length(text);
    }
    head(3, utf8.length);
    bytes(utf8);
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  private void reserve(int more) {
    if (length + more > DagCbor.MAX_LENGTH) {
      throw new IllegalArgumentException("value takes more than " + DagCbor.MAX_LENGTH + " bytes");
    }
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(DagCbor.MAX_LENGTH, Math.max(2 * buffer.length, length + more)));
    }
  }
}
