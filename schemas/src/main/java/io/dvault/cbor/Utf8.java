package io.dvault.cbor;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text between strings and UTF-8, where nothing is ever replaced by a question mark. */
final class Utf8 {
  /** Up to here a look at each character takes less than an array of its bytes. */
  private static final int SHORT = 24;

  private Utf8() {}

  /** Whether each character is a byte, and there are few of them: a name, a word. */
  static boolean isShortAscii(String text) {
    return text.length() <= SHORT && isAscii(text);
  }

  /** Length of {@code text} in UTF-8; throws IllegalArgumentException for half a surrogate pair. */
  static int length(String text) {
    int length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x800) {
        length += 2;
        if (Character.isSurrogate(c)) {
          // A pair is one code point of two chars and four bytes; a half stays a surrogate as a code point.
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
    boolean ascii = true;
    for (int i = from; i < from + length; i++) {
      ascii &= bytes[i] >= 0;
    }
    if (ascii) {
      return new String(bytes, from, length, StandardCharsets.US_ASCII);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, from, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedCborException(from, "text is not UTF-8");
    }
  }

  static int compareKeys(String left, String right) {
    if (left.length() == right.length() && isAscii(left) && isAscii(right)) {
      return left.compareTo(right);
    }
    int byLength = Integer.compare(length(left), length(right));
    return byLength != 0 ? byLength : compareCodePoints(left, right);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
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
