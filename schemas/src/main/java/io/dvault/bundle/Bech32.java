package io.dvault.bundle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bech32 as age uses it: BIP 173 without its limit of 90 characters (a hybrid recipient has 1,959), one case
 * throughout, checksum and padding exact. Works on bytes, so that private keys can be wiped.
 */
final class Bech32 {
  private static final String CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  private static final int[] GENERATOR = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  private static final int[] REMAINDERS = new int[32]; // of the generator, for each value of the top five bits
  private static final int[] TWO_REMAINDERS = new int[1 << 10]; // for each value of the top ten bits
  private static final byte[] VALUES = new byte[128];
  private static final int CHECKSUM = 6;
  private static final int MAX_LENGTH = 4096;

  static {
    Arrays.fill(VALUES, (byte) -1);
    for (int i = 0; i < CHARSET.length(); i++) {
      VALUES[CHARSET.charAt(i)] = (byte) i;
      for (int bit = 0; bit < GENERATOR.length; bit++) {
        REMAINDERS[i] ^= (i >> bit & 1) == 1 ? GENERATOR[bit] : 0;
      }
    }
    for (int i = 0; i < TWO_REMAINDERS.length; i++) {
      TWO_REMAINDERS[i] = step(step(i << 20, 0), 0);
    }
  }

  private Bech32() {}

  /**
   * What a string carried.
   *
   * @param prefix as written: upper or lower case
   * @param data owned by the receiver
   */
  record Decoded(String prefix, byte[] data) {
    @Override
    public String toString() {
      return prefix + "1…";
    }
  }

  /** Encodes with a lower-case prefix; the result is ASCII, owned by the caller. */
  static byte[] encode(String prefix, byte[] data) {
    int length = (data.length * 8 + 4) / 5;
    byte[] out = new byte[prefix.length() + 1 + length + CHECKSUM];
    int check = expand(prefix);
    int at = 0;
    while (at < prefix.length()) {
      out[at] = (byte) prefix.charAt(at++);
    }
    out[at++] = '1';
    int buffer = 0;
    int bits = 0;
    for (int i = 0; i < length; i++) {
      if (bits < 5) {
        int index = (i * 5 + bits) / 8;
        buffer = buffer << 8 | (index < data.length ? data[index] & 0xff : 0);
        bits += 8;
      }
      bits -= 5;
      int value = buffer >> bits & 31;
      buffer &= (1 << bits) - 1;
      check = step(check, value);
      out[at++] = (byte) CHARSET.charAt(value);
    }
    for (int i = 0; i < CHECKSUM; i++) {
      check = step(check, 0);
    }
    check ^= 1;
    for (int i = 0; i < CHECKSUM; i++) {
      out[at++] = (byte) CHARSET.charAt(check >> 5 * (CHECKSUM - 1 - i) & 31);
    }
    return out;
  }

  /** Decodes a public string: upper-case strings are refused, since recipients are compared as they are written. */
  static Decoded decode(String text) {
    byte[] ascii = text.getBytes(StandardCharsets.UTF_8); // another alphabet's characters become bytes below zero
    for (int i = 0; i < ascii.length; i++) {
      byte b = ascii[i];
      if (b > 126 || b < 33) {
        throw new IllegalArgumentException("character " + (i + 1) + " is not printable ASCII");
      }
      if (b >= 'A' && b <= 'Z') {
        throw new IllegalArgumentException("recipients are lower case; character " + (i + 1) + " is not");
      }
    }
    return decode(ascii);
  }

  /** Decodes an upper-case secret string; exceptions tell nothing of it. */
  static Decoded decodeSecret(byte[] ascii) {
    for (byte b : ascii) {
      if (b < 33 || b > 126 || b >= 'a' && b <= 'z') {
        throw new IllegalArgumentException("an identity is one word in upper case");
      }
    }
    byte[] lower = ascii.clone();
    try {
      for (int i = 0; i < lower.length; i++) {
        if (lower[i] >= 'A' && lower[i] <= 'Z') {
          lower[i] += 'a' - 'A';
        }
      }
      return decode(lower);
    } finally {
      Arrays.fill(lower, (byte) 0);
    }
  }

  private static Decoded decode(byte[] text) {
    int one = text.length - 1;
    while (one >= 0 && text[one] != '1') {
      one--;
    }
    if (text.length > MAX_LENGTH || one < 1 || one + 1 + CHECKSUM > text.length) {
      throw new IllegalArgumentException("not a bech32 string");
    }
    String prefix = new String(text, 0, one, StandardCharsets.US_ASCII);
    int check = expand(prefix);
    int length = text.length - one - 1 - CHECKSUM;
    byte[] data = new byte[length * 5 / 8];
    int buffer = 0;
    int bits = 0;
    int at = 0;
    int i = 0;
    for (; i + 1 < length; i += 2) { // most of a recipient's 1,959 characters, which every plan of a fleet reads
      int two = VALUES[text[one + 1 + i]] << 5 | VALUES[text[one + 2 + i]];
      if (two < 0) {
        break;
      }
      check = (check & 0xfffff) << 10 ^ two ^ TWO_REMAINDERS[check >>> 20];
      buffer = buffer << 10 | two;
      bits += 10;
      bits -= 8;
      data[at++] = (byte) (buffer >> bits);
      if (bits >= 8) {
        bits -= 8;
        data[at++] = (byte) (buffer >> bits);
      }
      buffer &= (1 << bits) - 1;
    }
    for (; i < length + CHECKSUM; i++) {
      int value = VALUES[text[one + 1 + i]];
      if (value < 0) {
        Arrays.fill(data, (byte) 0);
        throw new IllegalArgumentException("character " + (one + 2 + i) + " is not of the bech32 alphabet");
      }
      check = step(check, value);
      if (i < length) {
        buffer = buffer << 5 | value;
        bits += 5;
        if (bits >= 8) {
          bits -= 8;
          data[at++] = (byte) (buffer >> bits);
          buffer &= (1 << bits) - 1;
        }
      }
    }
    if (check != 1 || bits >= 5 || buffer != 0) {
      Arrays.fill(data, (byte) 0);
      throw new IllegalArgumentException(
          check != 1 ? "the checksum does not match: mistyped or cut off" : "bad padding");
    }
    return new Decoded(prefix, data);
  }

  private static int expand(String prefix) {
    int check = 1;
    for (int i = 0; i < prefix.length(); i++) {
      check = step(check, prefix.charAt(i) >> 5);
    }
    check = step(check, 0);
    for (int i = 0; i < prefix.length(); i++) {
      check = step(check, prefix.charAt(i) & 31);
    }
    return check;
  }

  private static int step(int check, int value) {
    return (check & 0x1ffffff) << 5 ^ value ^ REMAINDERS[check >>> 25];
  }
}
