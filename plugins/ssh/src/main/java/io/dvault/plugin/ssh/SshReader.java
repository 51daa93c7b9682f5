package io.dvault.plugin.ssh;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the SSH wire types; throws IllegalArgumentException when the bytes end early. Source: RFC 4251 section 5. */
final class SshReader {
  private final ByteBuffer in;

  SshReader(byte[] bytes) {
    this.in = ByteBuffer.wrap(bytes);
  }

  long uint32() {
    try {
      return in.getInt() & 0xffffffffL;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("ends inside a number", e);
    }
  }

  long uint64() {
    try {
      return in.getLong();
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("ends inside a number", e);
    }
  }

  byte[] string() {
    long length = uint32();
    if (length > in.remaining()) {
      throw new IllegalArgumentException("ends inside a string");
    }
    byte[] value = new byte[(int) length];
    in.get(value);
    return value;
  }

  String text() {
    return new String(string(), StandardCharsets.UTF_8);
  }

  int position() {
    return in.position();
  }

  boolean atEnd() {
    return !in.hasRemaining();
  }

  byte[] rest() {
    byte[] value = new byte[in.remaining()];
    in.get(value);
    return value;
  }
}
