package io.dvault.bundle;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** The ASCII armor of age files, read only: what we write is binary. Source: C2SP age, "ASCII armor". */
final class Armor {
  private static final String BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----";
  private static final String END = "-----END AGE ENCRYPTED FILE-----";
  private static final int COLUMNS = 64;
  private static final int MAX_SPACE = 1024;

  private Armor() {}

  /** Whether the first thing after white space looks like armor. */
  static boolean isArmored(byte[] file) {
    int at = 0;
    while (at < Math.min(file.length, MAX_SPACE) && isSpace(file[at])) {
      at++;
    }
    byte[] mark = "-----".getBytes(StandardCharsets.US_ASCII);
    return at + mark.length <= file.length
        && Arrays.equals(file, at, at + mark.length, mark, 0, mark.length);
  }

  /** The binary file within. */
  static byte[] read(byte[] file) throws MalformedAgeException {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    int begin = 0;
    while (begin < text.length() && isSpace((byte) text.charAt(begin))) {
      begin++;
    }
    int end = text.length();
    while (end > begin && isSpace((byte) text.charAt(end - 1))) {
      end--;
    }
    // White space is free around the armor, but the first line must be a line of its own.
    boolean ownLine = begin == 0 || text.charAt(begin - 1) == '\n';
    String[] lines = text.substring(begin, end).split("\r?\n", -1);
    if (begin >= MAX_SPACE
        || text.length() - end >= MAX_SPACE
        || !ownLine
        || !endsLine(text, end)) {
      throw malformed("stray white space around the armor");
    }
    if (!lines[0].equals(BEGIN) || lines.length < 2 || !lines[lines.length - 1].equals(END)) {
      throw malformed("the armor does not begin or end as it must");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(end - begin);
    for (int i = 1; i < lines.length - 1; i++) {
      boolean last = i == lines.length - 2;
      out.writeBytes(line(lines[i], last));
    }
    return out.toByteArray();
  }

  private static boolean endsLine(String text, int end) {
    return end == text.length() || text.charAt(end) == '\n' || text.startsWith("\r\n", end);
  }

  private static byte[] line(String line, boolean last) throws MalformedAgeException {
    if (line.isEmpty() || line.length() > COLUMNS || !last && line.length() != COLUMNS) {
      throw malformed("a line of " + line.length() + " columns");
    }
    byte[] ascii = line.getBytes(StandardCharsets.ISO_8859_1);
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(ascii);
    } catch (IllegalArgumentException e) {
      throw malformed("a line is not base64");
    }
    if (!Arrays.equals(Base64.getEncoder().encode(bytes), ascii)
        || !last && bytes.length != COLUMNS / 4 * 3) {
      throw malformed("a line is not canonical base64");
    }
    return bytes;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }

  private static MalformedAgeException malformed(String reason) {
    return new MalformedAgeException(AgeFile.Part.ARMOR, reason);
  }
}
