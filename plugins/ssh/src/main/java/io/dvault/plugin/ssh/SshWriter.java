package io.dvault.plugin.ssh;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the SSH wire types. Source: RFC 4251 section 5. Nothing secret: what it outgrows is not wiped. */
final class SshWriter {
  private byte[] buffer;
  private int length;

  SshWriter() {
    this(64);
  }

  /** @param size how many bytes it will take, or about */
  SshWriter(int size) {
    this.buffer = new byte[size];
  }

  SshWriter uint32(long value) {
    return bigEndian(value, Integer.BYTES);
  }

  SshWriter uint64(long value) {
    return bigEndian(value, Long.BYTES);
  }

  private SshWriter bigEndian(long value, int width) {
    reserve(width);
    for (int shift = Byte.SIZE * (width - 1); shift >= 0; shift -= Byte.SIZE) {
      buffer[length++] = (byte) (value >>> shift);
    }
    return this;
  }

  SshWriter string(byte[] value) {
    return uint32(value.length).raw(value);
  }

  SshWriter string(String value) {
    return string(value.getBytes(StandardCharsets.UTF_8));
  }

  SshWriter raw(byte[] value) {
    reserve(value.length);
    System.arraycopy(value, 0, buffer, length, value.length);
    length += value.length;
    return this;
  }

  private void reserve(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
    }
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }
}
