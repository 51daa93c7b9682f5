package io.dvault.model;

import java.util.Comparator;

/** Where in the user's files: path as the user wrote it or relative to the repository, line and column from 1. */
public record SourcePosition(String file, int line, int column)
    implements Comparable<SourcePosition> {
  private static final Comparator<SourcePosition> ORDER = Comparator.comparing(SourcePosition::file)
      .thenComparingInt(SourcePosition::line)
      .thenComparingInt(SourcePosition::column);

  @Override
  public int compareTo(SourcePosition other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
