package io.dvault.ledger;

import java.util.Arrays;
import java.util.HexFormat;

/** Twenty bytes, ordered as unsigned numbers; prints as 0x and 40 lower-case digits. */
public final class EvmAddress implements Comparable<EvmAddress> {
  public static final int LENGTH = 20;
  private final byte[] bytes;

  private EvmAddress(byte[] bytes) {
    this.bytes = bytes;
  }

  public static EvmAddress of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("an address has 20 bytes, got " + bytes.length);
    }
    return new EvmAddress(bytes.clone());
  }

  /** Reads 0x and 40 hex digits in any case (checksums are for eyes: see {@code EvmKeys}). */
  public static EvmAddress parse(String text) {
    if (!text.matches("0x[0-9a-fA-F]{40}")) {
      throw new IllegalArgumentException("not an address: \"" + text + "\" (0x and 40 hex digits)");
    }
    return new EvmAddress(HexFormat.of().parseHex(text.substring(2)));
  }

  public byte[] toArray() {
    return bytes.clone();
  }

  /** {@code 0x7099…79c8}. */
  public String abbreviated() {
    String hex = toString();
    return hex.substring(0, 6) + "…" + hex.substring(38);
  }

  @Override
  public int compareTo(EvmAddress other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EvmAddress that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "0x" + HexFormat.of().formatHex(bytes);
  }
}
