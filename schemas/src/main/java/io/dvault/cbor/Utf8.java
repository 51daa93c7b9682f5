package io.dvault.cbor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text between strings and UTF-8, where nothing is ever replaced by a question mark. */
final class Utf8 {
  private Utf8() {}

  /** Length of {@code text} in UTF-8; throws IllegalArgumentException for half a surrogate pair. */
  static int length(String text) {
    int length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x800) {
        length += 2;
        if (Character.isSurrogate(c)) {
          // A pair is one code point of two chars and four bytes; a half stays a surrogate as a
          // code point.
          if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
            throw new IllegalArgumentException("text with half a surrogate pair has no UTF-8 form");
          }
          i++;
        }
      } else if (c >= 0x80) {
        length++;
      }
    }
    return length;
  }

  /** Reads {@code length} bytes at {@code from}; anything but the shortest form of valid text is refused. */
  static String decode(byte[] bytes, int from, int length) throws MalformedCborException {
    String text = new String(bytes, from, length, StandardCharsets.UTF_8);
    byte[] back =
        text.getBytes(StandardCharsets.UTF_8); // what was replaced comes back as something else
    if (!Arrays.equals(back, 0, back.length, bytes, from, from + length)) {
      throw new MalformedCborException(from, "text is not UTF-8");
    }
    return text;
  }

  static int compareKeys(String left, String right) {
    int byLength = Integer.compare(length(left), length(right));
    return byLength != 0 ? byLength : compareCodePoints(left, right);
  }

  /** UTF-8's byte order is the order of code points, which is not String's order once surrogates take part. */
  private static int compareCodePoints(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean surrogates = Character.isSurrogate(a) != Character.isSurrogate(b);
        return surrogates ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
