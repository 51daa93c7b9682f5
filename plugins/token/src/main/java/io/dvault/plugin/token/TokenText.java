package io.dvault.plugin.token;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Bytes of tokens and their templates. No token becomes a String, which could not be wiped. */
final class TokenText {
  static final String PLACEHOLDER = "{token}";

  /** 256 KiB: what fits a sealed bundle's size classes with room to spare. */
  static final int MAX_LENGTH = 1 << 18;

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private TokenText() {}

  /** A fresh random token in its encoding. */
  static byte[] random(TokenOrigin.Random origin, SecureRandom random) {
    byte[] bytes = new byte[origin.bytes()];
    random.nextBytes(bytes);
    try {
      return switch (origin.encoding()) {
        case BASE64 -> Base64.getEncoder().encode(bytes);
        case BASE64URL -> Base64.getUrlEncoder().withoutPadding().encode(bytes);
        case HEX -> hex(bytes);
      };
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static byte[] hex(byte[] bytes) {
    byte[] text = new byte[2 * bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      text[2 * i] = DIGITS[bytes[i] >> 4 & 15];
      text[2 * i + 1] = DIGITS[bytes[i] & 15];
    }
    return text;
  }

  /** A copy without the one line break at the end, LF or CR LF. */
  static byte[] trimmed(byte[] value) {
    int length = value.length;
    if (length > 0 && value[length - 1] == '\n') {
      length -= length > 1 && value[length - 2] == '\r' ? 2 : 1;
    }
    return Arrays.copyOf(value, length);
  }

  /** The template with every placeholder replaced; the token itself when there is none. Owned by the caller. */
  static byte[] fill(Optional<String> template, byte[] token) {
    if (template.isEmpty()) {
      return token.clone();
    }
    Wiped out = new Wiped();
    String rest = template.get();
    for (int at = rest.indexOf(PLACEHOLDER); at >= 0; at = rest.indexOf(PLACEHOLDER)) {
      out.writeBytes(rest.substring(0, at).getBytes(StandardCharsets.UTF_8));
      out.writeBytes(token);
      rest = rest.substring(at + PLACEHOLDER.length());
    }
    out.writeBytes(rest.getBytes(StandardCharsets.UTF_8));
    byte[] filled = out.toByteArray();
    out.wipe();
    return filled;
  }

  /** A stream whose buffer can be wiped. */
  private static final class Wiped extends ByteArrayOutputStream {
    void wipe() {
      Arrays.fill(buf, (byte) 0);
    }
  }
}
