package io.dvault.plugin.ssh;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes the SSH wire types. Source: RFC 4251 section 5. */
final class SshWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

  SshWriter uint32(long value) {
    return raw(ByteBuffer.allocate(Integer.BYTES).putInt((int) value).array());
  }

  SshWriter uint64(long value) {
    return raw(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  SshWriter string(byte[] value) {
    return uint32(value.length).raw(value);
  }

  SshWriter string(String value) {
    return string(value.getBytes(StandardCharsets.UTF_8));
  }

  SshWriter raw(byte[] value) {
    out.writeBytes(value);
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
