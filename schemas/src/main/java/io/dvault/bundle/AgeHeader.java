package io.dvault.bundle;

import io.dvault.crypto.Hkdf;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The text part of an age file. Only its canonical form is read, so the MAC is computed over the bytes as they came.
 * Source: C2SP age, "File header".
 *
 * @param text from the version line to the three hyphens, which the MAC covers
 * @param length bytes of the whole header, where the payload starts
 */
record AgeHeader(List<Stanza> stanzas, byte[] text, byte[] mac, int length) {
  static final int MAX_STANZAS = 1024;
  private static final int MAX_ARGS = 128;
  private static final int COLUMNS = 64;
  private static final byte[] INTRO = "age-encryption.org/v1\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ARROW = "-> ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FOOTER = "---".getBytes(StandardCharsets.US_ASCII);

  AgeHeader {
    stanzas = List.copyOf(stanzas);
  }

  static AgeHeader parse(byte[] file) throws MalformedAgeException {
    if (!Arrays.equals(INTRO, Arrays.copyOf(file, INTRO.length))) {
      throw malformed("not an age v1 file");
    }
    List<Stanza> stanzas = new ArrayList<>();
    Lines lines = new Lines(file, INTRO.length);
    while (!lines.startsWith(FOOTER)) {
      if (stanzas.size() == MAX_STANZAS) {
        throw malformed("more than " + MAX_STANZAS + " stanzas");
      }
      stanzas.add(stanza(lines));
    }
    if (stanzas.isEmpty()) {
      throw malformed("no stanza");
    }
    int macAt = lines.at + FOOTER.length;
    String last = lines.next();
    if (last.length() < 4 || last.charAt(3) != ' ') {
      throw malformed("bad last line of the header");
    }
    byte[] mac = RawBase64.decode(last.substring(4));
    if (mac.length != Hkdf.LENGTH) {
      throw malformed("a MAC of " + mac.length + " bytes, not " + Hkdf.LENGTH);
    }
    return new AgeHeader(stanzas, Arrays.copyOf(file, macAt), mac, lines.at);
  }

  private static Stanza stanza(Lines lines) throws MalformedAgeException {
    String first = lines.next();
    if (!first.startsWith("-> ")) {
      throw malformed("a stanza starts with \"-> \"");
    }
    String[] words = first.substring(3).split(" ", MAX_ARGS + 2);
    if (words.length > MAX_ARGS + 1) {
      throw malformed("more than " + MAX_ARGS + " arguments");
    }
    for (String word : words) {
      if (word.isEmpty() || word.chars().anyMatch(c -> c < 33 || c > 126)) {
        throw malformed("an argument is empty or not printable ASCII");
      }
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    String line;
    do {
      line = lines.next();
      if (line.length() > COLUMNS) {
        throw malformed("a body line is longer than " + COLUMNS + " columns");
      }
      body.writeBytes(RawBase64.decode(line));
    } while (line.length() == COLUMNS);
    return new Stanza(words[0], List.of(words).subList(1, words.length), body.toByteArray());
  }

  /** Bytes of the header of {@code stanzas}, MAC and final line break included. */
  static int length(List<Stanza> stanzas) {
    return covered(stanzas) + 1 + RawBase64.length(Hkdf.LENGTH) + 1;
  }

  /** Bytes that the MAC covers. */
  private static int covered(List<Stanza> stanzas) {
    return INTRO.length
        + FOOTER.length
        + stanzas.stream().mapToInt(AgeHeader::length).sum();
  }

  /** The header of {@code stanzas}, MAC and final line break included, and {@code room} bytes of 0 behind it. */
  static byte[] write(List<Stanza> stanzas, byte[] fileKey, int room) {
    ByteBuffer out = ByteBuffer.allocate(Math.addExact(length(stanzas), room)).put(INTRO);
    stanzas.forEach(stanza -> write(stanza, out));
    out.put(FOOTER);
    byte[] mac = mac(fileKey, out.array(), covered(stanzas));
    out.put((byte) ' ').put(RawBase64.bytes(mac)).put((byte) '\n');
    return out.array();
  }

  private static int length(Stanza stanza) {
    int length = ARROW.length + stanza.type().length() + 1;
    for (String arg : stanza.args()) {
      length += 1 + arg.length();
    }
    int body = RawBase64.length(stanza.body().length);
    return length + body + body / COLUMNS + 1;
  }

  private static void write(Stanza stanza, ByteBuffer out) {
    ascii(stanza.type(), out.put(ARROW));
    stanza.args().forEach(arg -> ascii(arg, out.put((byte) ' ')));
    out.put((byte) '\n');
    byte[] body = RawBase64.bytes(stanza.body());
    for (int at = 0; at <= body.length; at += COLUMNS) {
      out.put(body, at, Math.min(COLUMNS, body.length - at)).put((byte) '\n');
    }
  }

  private static void ascii(String text, ByteBuffer out) {
    out.put(text.getBytes(StandardCharsets.US_ASCII));
  }

  boolean isAuthentic(byte[] fileKey) {
    return MessageDigest.isEqual(mac, mac(fileKey, text, text.length));
  }

  /** Over the first {@code length} bytes of {@code text}. */
  private static byte[] mac(byte[] fileKey, byte[] text, int length) {
    byte[] key = Hkdf.derive(fileKey, Hkdf.none(), "header");
    try {
      return Hkdf.hmac(key, text, length);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static MalformedAgeException malformed(String reason) {
    return new MalformedAgeException(AgeFile.Part.HEADER, reason);
  }

  /** Lines ended by one LF each; bytes map to chars one to one, so nothing is lost. */
  private static final class Lines {
    private final byte[] file;
    private int at;

    Lines(byte[] file, int at) {
      this.file = file;
      this.at = at;
    }

    boolean startsWith(byte[] prefix) {
      return at + prefix.length <= file.length
          && Arrays.equals(file, at, at + prefix.length, prefix, 0, prefix.length);
    }

    String next() throws MalformedAgeException {
      int end = at;
      while (end < file.length && file[end] != '\n') {
        end++;
      }
      if (end == file.length) {
        throw malformed("the header ends in the middle of a line");
      }
      String line = new String(file, at, end - at, StandardCharsets.ISO_8859_1);
      at = end + 1;
      return line;
    }
  }
}
