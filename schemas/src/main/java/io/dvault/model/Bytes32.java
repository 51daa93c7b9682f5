package io.dvault.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Thirty-two immutable bytes, printed as 64 lower-case hex digits; ordered as unsigned big-endian numbers. */
public final class Bytes32 implements Comparable<Bytes32> {
  public static final int LENGTH = 32;
  public static final Bytes32 ZERO = new Bytes32(new byte[LENGTH]);
  private static final HexFormat HEX = HexFormat.of();
  private static final MessageDigest FRESH = newSha256();

  private final byte[] bytes;

  private Bytes32(byte[] owned) {
    this.bytes = owned;
  }

  /** Copies {@code bytes}, which must be 32 long. */
  public static Bytes32 of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("expected 32 bytes, got " + bytes.length);
    }
    return new Bytes32(bytes.clone());
  }

  /** Reads 64 hex digits, with or without {@code 0x}; throws IllegalArgumentException for anything else. */
  public static Bytes32 parse(String hex) {
    String digits = hex.startsWith("0x") ? hex.substring(2) : hex;
    if (digits.length() != 2 * LENGTH) {
      throw new IllegalArgumentException("expected 64 hex digits, got " + digits.length() + " characters");
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

  /** A copy: to look the algorithm up among the providers costs more than to hash what is hashed here. */
  private static MessageDigest sha256Digest() {
    try {
      return (MessageDigest) FRESH.clone();
    } catch (CloneNotSupportedException e) {
      return newSha256(); // a provider may say so
    }
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
    return bytes.clone();
  }

  /** The unsigned value of the byte at {@code index}, 0 to 31. */
  public int get(int index) {
    return bytes[index] & 0xff;
  }

  public String hex() {
    return HEX.formatHex(bytes);
  }

  /** First and last two bytes, as people see ids on a screen: {@code 3f9a…c21e}. */
  public String abbreviated() {
    return HEX.formatHex(bytes, 0, 2) + "…" + HEX.formatHex(bytes, LENGTH - 2, LENGTH);
  }

  @Override
  public int compareTo(Bytes32 other) {
    int first = bytes[0] & 0xff; // which nearly always differs
    int otherFirst = other.bytes[0] & 0xff;
    return first != otherFirst ? first - otherFirst : Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes32 that && Arrays.equals(bytes, that.bytes);
  }

  /** Nearly all are hashes, of which a few bytes are as good as all. */
  @Override
  public int hashCode() {
    return intAt(0) ^ 31 * intAt(LENGTH - Integer.BYTES);
  }

  private int intAt(int index) {
    return bytes[index] << 24 | (bytes[index + 1] & 0xff) << 16 | (bytes[index + 2] & 0xff) << 8 | bytes[index + 3] & 0xff;
  }

  @Override
  public String toString() {
    return hex();
  }
}
