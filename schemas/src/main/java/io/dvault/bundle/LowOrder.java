package io.dvault.bundle;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The X25519 points of low order: every scalar gives the same shared secret with them, so they are no keys. Told by
 * their bytes, because an agreement for each of thousands of recipients would cost a plan more than all its other work.
 * Source: RFC 7748 6.1; the seven encodings (the top bit aside) in libsodium's {@code has_small_order}.
 */
final class LowOrder {
  static final List<String> POINTS = List.of(
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
  private static final List<byte[]> ENCODED =
      POINTS.stream().map(HexFormat.of()::parseHex).toList();

  private LowOrder() {}

  /** Throws IllegalArgumentException when {@code point} is one of them. */
  static void refuse(byte[] point) {
    byte[] masked = point.clone();
    masked[masked.length - 1] &= 0x7f; // X25519 ignores the top bit
    if (ENCODED.stream().anyMatch(low -> Arrays.equals(low, masked))) {
      throw new IllegalArgumentException("the X25519 key is of low order");
    }
  }
}
