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
  private static final byte[] VALUES = new byte[256];
  private static final int CHECKSUM = 6;
  private static final int MAX_LENGTH = 4096;
  private static final int HYBRID_LENGTH = 1959;
  private static final byte[] HYBRID = (HybridRecipient.PREFIX + '1').getBytes(StandardCharsets.US_ASCII);

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

  /** The key of a hybrid recipient that {@link #decode} took before: its checksum is not looked at again. */
  static byte[] hybridKeyAgain(String text) {
    byte[] data = new byte[Lanes.COUNT * Lanes.BYTES];
    Lanes.unpack(text.getBytes(StandardCharsets.ISO_8859_1), HYBRID.length, data);
    return Arrays.copyOf(data, XWing.PUBLIC_KEY_LENGTH);
  }

  static boolean isHybrid(String text) {
    return text.length() == HYBRID_LENGTH && text.startsWith(HybridRecipient.PREFIX);
  }

  /** Decodes a public string: upper-case strings are refused, since recipients are compared as they are written. */
  static Decoded decode(String text) {
    byte[] ascii = text.getBytes(StandardCharsets.UTF_8); // another alphabet's characters become bytes below zero
    if (ascii.length == HYBRID_LENGTH && Arrays.equals(ascii, 0, HYBRID.length, HYBRID, 0, HYBRID.length)) {
      byte[] data = new byte[Lanes.COUNT * Lanes.BYTES];
      if (Lanes.decode(ascii, HYBRID.length, expand(HybridRecipient.PREFIX), data)) {
        return new Decoded(HybridRecipient.PREFIX, Arrays.copyOf(data, XWing.PUBLIC_KEY_LENGTH));
      }
    }
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
    for (; i + 1 < length; i += 2) {
      int two = two(text, one + 1 + i);
      if (two < 0) {
        break;
      }
      check = twoSteps(check, two);
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

  /**
   * The characters of a hybrid recipient, which each plan and apply of a fleet reads: cut in four, since the checksum of
   * one part is a chain in which each step waits for the one before, and the processor has the others to do meanwhile.
   */
  private static final class Lanes {
    static final int COUNT = 4;
    static final int LENGTH = (HYBRID_LENGTH - HYBRID.length) / COUNT;
    static final int BYTES = LENGTH * 5 / 8;
    private static final int[][] AFTER = new int[3][1 << 10]; // what LENGTH zeros make of ten bits of a checksum each

    static {
      for (int bit = 0; bit < 30; bit++) {
        int check = 1 << bit;
        for (int i = 0; i < LENGTH; i++) {
          check = step(check, 0);
        }
        int[] part = AFTER[bit / 10];
        int top = 1 << bit % 10;
        for (int i = 0; i < top; i++) {
          part[top | i] = part[i] ^ check;
        }
      }
    }

    private Lanes() {}

    /** All bits, checksum included, into {@code data}; whether they are right. */
    static boolean decode(byte[] text, int from, int prefix, byte[] data) {
      int first = prefix;
      int second = 0;
      int third = 0;
      int fourth = 0;
      int all = 0;
      for (int i = from; i < from + LENGTH; i += 2) {
        int a = two(text, i);
        int b = two(text, i + LENGTH);
        int c = two(text, i + 2 * LENGTH);
        int d = two(text, i + 3 * LENGTH);
        first = twoSteps(first, a);
        second = twoSteps(second, b);
        third = twoSteps(third, c);
        fourth = twoSteps(fourth, d);
        all |= a | b | c | d;
      }
      if (all < 0 || (after(after(after(first) ^ second) ^ third) ^ fourth) != 1) {
        return false;
      }
      unpack(text, from, data);
      return (data[XWing.PUBLIC_KEY_LENGTH] & 0xc0) == 0; // two bits of padding
    }

    /** All bits, checksum included, into {@code data}, whether they are right or not. */
    static void unpack(byte[] text, int from, byte[] data) {
      int at = 0;
      for (int i = from; i < text.length; i += 8) {
        int left = two(text, i) << 10 | two(text, i + 2);
        int right = two(text, i + 4) << 10 | two(text, i + 6);
        data[at] = (byte) (left >> 12);
        data[at + 1] = (byte) (left >> 4);
        data[at + 2] = (byte) (left << 4 | right >> 16);
        data[at + 3] = (byte) (right >> 8);
        data[at + 4] = (byte) right;
        at += 5;
      }
    }

    private static int after(int check) {
      return AFTER[0][check & 0x3ff] ^ AFTER[1][check >> 10 & 0x3ff] ^ AFTER[2][check >>> 20 & 0x3ff];
    }
  }

  /** Two characters' ten bits, below zero when one is not of the alphabet. */
  private static int two(byte[] text, int at) {
    return VALUES[text[at] & 0xff] << 5 | VALUES[text[at + 1] & 0xff];
  }

  private static int twoSteps(int check, int two) {
    return (check & 0xfffff) << 10 ^ two ^ TWO_REMAINDERS[check >>> 20 & 0x3ff];
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
