package io.dvault.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Thirty-two immutable bytes, printed as 64 lower-case hex digits; ordered as unsigned big-endian numbers. Held as four
 * numbers: a plan has several for each device of a fleet, and looks most of them up.
 */
public final class Bytes32 implements Comparable<Bytes32> {
  public static final int LENGTH = 32;
  public static final Bytes32 ZERO = new Bytes32(new byte[LENGTH]);
  private static final HexFormat HEX = HexFormat.of();
  private static final ThreadLocal<MessageDigest> SHA256 =
      ThreadLocal.withInitial(Bytes32::newSha256);

  private final long first;
  private final long second;
  private final long third;
  private final long fourth;

  private Bytes32(byte[] bytes) {
    this.first = longAt(bytes, 0);
    this.second = longAt(bytes, Long.BYTES);
    this.third = longAt(bytes, 2 * Long.BYTES);
    this.fourth = longAt(bytes, 3 * Long.BYTES);
  }

  private static long longAt(byte[] bytes, int index) {
    return intAt(bytes, index) << Integer.SIZE | intAt(bytes, index + Integer.BYTES);
  }

  private static long intAt(byte[] bytes, int index) {
    return (bytes[index] & 0xffL) << 24
        | (bytes[index + 1] & 0xff) << 16
        | (bytes[index + 2] & 0xff) << 8
        | bytes[index + 3] & 0xff;
  }

  /** Copies {@code bytes}, which must be 32 long. */
  public static Bytes32 of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("expected 32 bytes, got " + bytes.length);
    }
    return new Bytes32(bytes);
  }

  /** Reads 64 hex digits, with or without {@code 0x}; throws IllegalArgumentException for anything else. */
  public static Bytes32 parse(String hex) {
    String digits = hex.startsWith("0x") ? hex.substring(2) : hex;
    if (digits.length() != 2 * LENGTH) {
      throw new IllegalArgumentException(
          "expected 64 hex digits, got " + digits.length() + " characters");
    }
    return new Bytes32(HEX.parseHex(digits));
  }

  /** SHA-256 over the concatenation of {@code parts}. */
  public static Bytes32 sha256(byte[]... parts) {
    MessageDigest digest = sha256Digest();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return new Bytes32(digest.digest());
  }

  /** SHA-256 over {@code length} bytes from {@code from}. */
  public static Bytes32 sha256(byte[] bytes, int from, int length) {
    MessageDigest digest = sha256Digest();
    digest.update(bytes, from, length);
    return new Bytes32(digest.digest());
  }

  /** SHA-256 of the UTF-8 bytes of {@code text}. */
  public static Bytes32 sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * One for each thread: to look the algorithm up among the providers costs more than to hash what
   * is hashed here. It is
   * as new after each digest, its buffer wiped; the reset is for a hash that an exception broke off.
   */
  private static MessageDigest sha256Digest() {
    MessageDigest digest = SHA256.get();
    digest.reset();
    return digest;
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A fresh copy, owned by the caller. */
  public byte[] toArray() {
    byte[] bytes = new byte[LENGTH];
    put(first, bytes, 0);
    put(second, bytes, Long.BYTES);
    put(third, bytes, 2 * Long.BYTES);
    put(fourth, bytes, 3 * Long.BYTES);
    return bytes;
  }

  private static void put(long value, byte[] bytes, int index) {
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[index + i] = (byte) (value >>> Byte.SIZE * (Long.BYTES - 1 - i));
    }
  }

  /** The unsigned value of the byte at {@code index}, 0 to 31. */
  public int get(int index) {
    long part = switch (Objects.checkIndex(index, LENGTH) / Long.BYTES) {
      case 0 -> first;
      case 1 -> second;
      case 2 -> third;
      default -> fourth;
    };
    return (int) (part >>> Byte.SIZE * (Long.BYTES - 1 - index % Long.BYTES)) & 0xff;
  }

  public String hex() {
    return HEX.formatHex(toArray());
  }

  /** First and last two bytes, as people see ids on a screen: {@code 3f9a…c21e}. */
  public String abbreviated() {
    byte[] bytes = toArray();
    return HEX.formatHex(bytes, 0, 2) + "…" + HEX.formatHex(bytes, LENGTH - 2, LENGTH);
  }

  @Override
  public int compareTo(Bytes32 other) {
    int byFirst = Long.compareUnsigned(first, other.first);
    if (byFirst != 0) {
      return byFirst;
    }
    int bySecond = Long.compareUnsigned(second, other.second);
    int byThird = bySecond != 0 ? bySecond : Long.compareUnsigned(third, other.third);
    return byThird != 0 ? byThird : Long.compareUnsigned(fourth, other.fourth);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes32 that
        && first == that.first
        && second == that.second
        && third == that.third
        && fourth == that.fourth;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(first ^ 31 * second ^ 961 * third ^ 29791 * fourth);
  }

  @Override
  public String toString() {
    return hex();
  }
}
