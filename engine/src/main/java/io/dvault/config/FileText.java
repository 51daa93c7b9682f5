package io.dvault.config;

import io.dvault.git.SourceFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A text where it stands in a file, made a String only for those who ask: recipients are nearly all that a fleet's files
 * hold, and a plan in which nothing changes looks at none. Where the file has let its bytes go, they are read again, the
 * very same ones or none (DV054).
 */
public final class FileText {
  private final SourceFile file;
  private final int from;
  private final int to;

  /** The bytes from {@code from} to before {@code to}, UTF-8. */
  FileText(SourceFile file, int from, int to) {
    this.file = file;
    this.from = from;
    this.to = to;
  }

  static FileText of(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return new FileText(new SourceFile("", utf8), 0, utf8.length);
  }

  public boolean isEmpty() {
    return from == to;
  }

  public boolean startsWith(String ascii) {
    byte[] start = ascii.getBytes(StandardCharsets.US_ASCII);
    return to - from >= start.length && Arrays.equals(file.content(), from, from + start.length, start, 0, start.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileText that
        && Arrays.equals(file.content(), from, to, that.file.content(), that.from, that.to);
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    return new String(file.content(), from, to - from, StandardCharsets.UTF_8);
  }
}
