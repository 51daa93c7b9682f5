package io.dvault.bundle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bech32 as age uses it: BIP 173 without its limit of 90 characters (a hybrid recipient has 1,959), one case
 * throughout, checksum and padding exact. Works on bytes, so that private keys can be wiped.
 */
final class Bech32 {
  private static final String CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  private static final int[] GENERATOR = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
  };
  private static final int CHECKSUM = 6;
  private static final int MAX_LENGTH = 4096;

  private Bech32() {}

  /**
   * What a string carried.
   *
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
    byte[] values = new byte[length + CHECKSUM];
    int rest = regroup(data, data.length, 8, values, 5);
    int restBits = data.length * 8 % 5;
    if (restBits > 0) {
      values[length - 1] = (byte) (rest << 5 - restBits);
    }
    int check = checksum(prefix, values) ^ 1;
    for (int i = 0; i < CHECKSUM; i++) {
      values[length + i] = (byte) (check >> 5 * (CHECKSUM - 1 - i) & 31);
    }
    byte[] start = (prefix + '1').getBytes(StandardCharsets.US_ASCII);
    byte[] out = Arrays.copyOf(start, start.length + values.length);
    for (int i = 0; i < values.length; i++) {
      out[start.length + i] = (byte) CHARSET.charAt(values[i]);
    }
    Arrays.fill(values, (byte) 0);
    return out;
  }

  /** Decodes a public string: upper-case strings are refused, since recipients are compared as they are written. */
  static Decoded decode(String text) {
    byte[] ascii = text.getBytes(
        StandardCharsets.UTF_8); // another alphabet's characters become bytes below zero
    for (int i = 0; i < ascii.length; i++) {
      byte b = ascii[i];
      if (b > 126 || b < 33) {
        throw new IllegalArgumentException("character " + (i + 1) + " is not printable ASCII");
      }
      if (b >= 'A' && b <= 'Z') {
        throw new IllegalArgumentException(
            "recipients are lower case; character " + (i + 1) + " is not");
      }
    }
    return decode(ascii);
  }

  /** Decodes an upper-case secret string; exceptions never quote it. */
  static Decoded decodeSecret(byte[] ascii) {
    byte[] lower = ascii.clone();
    try {
      for (int i = 0; i < lower.length; i++) {
        byte b = lower[i];
        if (b < 33 || b > 126 || b >= 'a' && b <= 'z') {
          throw new IllegalArgumentException("an identity is one word in upper case");
        }
        if (b >= 'A' && b <= 'Z') {
          lower[i] = (byte) (b - 'A' + 'a');
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
    byte[] values = new byte[text.length - one - 1];
    try {
      for (int i = 0; i < values.length; i++) {
        int value = CHARSET.indexOf(text[one + 1 + i]);
        if (value < 0) {
          throw new IllegalArgumentException(
              "character " + (one + 2 + i) + " is not of the bech32 alphabet");
        }
        values[i] = (byte) value;
      }
      if (checksum(prefix, values) != 1) {
        throw new IllegalArgumentException("the checksum does not match: mistyped or cut off");
      }
      return new Decoded(prefix, bytes(values, values.length - CHECKSUM));
    } finally {
      Arrays.fill(values, (byte) 0);
    }
  }

  private static byte[] bytes(byte[] values, int length) {
    byte[] data = new byte[length * 5 / 8];
    if (regroup(values, length, 5, data, 8) != 0 || length * 5 % 8 >= 5) {
      Arrays.fill(data, (byte) 0);
      throw new IllegalArgumentException("bad padding");
    }
    return data;
  }

  /** Cuts groups of {@code from} bits into whole groups of {@code to}; returns the bits that are left over. */
  private static int regroup(byte[] in, int length, int from, byte[] out, int to) {
    int buffer = 0;
    int bits = 0;
    int at = 0;
    for (int i = 0; i < length; i++) {
      buffer = buffer << from | in[i] & 0xff;
      bits += from;
      while (bits >= to) {
        bits -= to;
        out[at++] = (byte) (buffer >> bits);
        buffer &= (1 << bits) - 1;
      }
    }
    return buffer;
  }

  /** BIP 173: 1 for a string with its checksum; what to put in place of six zeros, but for the last bit, without. */
  private static int checksum(String prefix, byte[] values) {
    int check = 1;
    for (int i = 0; i < prefix.length(); i++) {
      check = step(check, prefix.charAt(i) >> 5);
    }
    check = step(check, 0);
    for (int i = 0; i < prefix.length(); i++) {
      check = step(check, prefix.charAt(i) & 31);
    }
    for (byte value : values) {
      check = step(check, value);
    }
    return check;
  }

  private static int step(int check, int value) {
    int next = (check & 0x1ffffff) << 5 ^ value;
    for (int bit = 0; bit < GENERATOR.length; bit++) {
      next ^= (check >> 25 + bit & 1) * GENERATOR[bit];
    }
    return next;
  }
}
