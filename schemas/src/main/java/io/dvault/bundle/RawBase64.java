package io.dvault.bundle;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Base64 without padding, in its one canonical form. RFC 4648 4. */
final class RawBase64 {
  private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

  private RawBase64() {}

  static String encode(byte[] bytes) {
    return ENCODER.encodeToString(bytes);
  }

  /** The same as ASCII. */
  static byte[] bytes(byte[] bytes) {
    return ENCODER.encode(bytes);
  }

  /** Of the encoding of so many bytes. */
  static int length(int bytes) {
    return Math.ceilDiv(4 * bytes, 3);
  }

  static byte[] decode(String text) throws MalformedAgeException {
    return decode(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static byte[] decode(byte[] text) throws MalformedAgeException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedAgeException(AgeFile.Part.HEADER, "not base64");
    }
    // Java's decoder takes padding and stray trailing bits; the format does not.
    if (!java.util.Arrays.equals(ENCODER.encode(bytes), text)) {
      throw new MalformedAgeException(AgeFile.Part.HEADER, "base64 is not canonical");
    }
    return bytes;
  }
}
