package io.dvault.config;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A text where it stands in a file, made a String only for those who ask: recipients are nearly all that a fleet's files
 * hold, and a plan in which nothing changes looks at none.
 */
public final class FileText {
  private final byte[] utf8;
  private final int from;
  private final int to;

  /** @param utf8 shared, not copied: nobody changes it */
  FileText(byte[] utf8, int from, int to) {
    this.utf8 = utf8;
    this.from = from;
    this.to = to;
  }

  static FileText of(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return new FileText(utf8, 0, utf8.length);
  }

  public boolean isEmpty() {
    return from == to;
  }

  public boolean startsWith(String ascii) {
    byte[] start = ascii.getBytes(StandardCharsets.US_ASCII);
    return to - from >= start.length && Arrays.equals(utf8, from, from + start.length, start, 0, start.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileText that && Arrays.equals(utf8, from, to, that.utf8, that.from, that.to);
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    return new String(utf8, from, to - from, StandardCharsets.UTF_8);
  }
}
