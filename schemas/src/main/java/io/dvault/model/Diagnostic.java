package io.dvault.model;

import java.util.List;
import java.util.Optional;

/**
 * What a user did wrong, or should know: a value, collected, sorted and printed together.
 *
 * @param code stable, {@code DV} and three digits, listed in {@code docs/diagnostics.md}
 * @param summary one line without a full stop, lower case: {@code ttl too short}
 * @param position where, when a file is at fault
 * @param subject what object is at fault, {@code Grant "alice-drone-7"}, or empty
 * @param detail further lines: what was found, and the way out; whole sentences
 * @param snippet source lines around the position, or empty
 * @param hint words beside the marked place, {@code did you mean "principals"?}, or empty
 */
public record Diagnostic(
    Severity severity,
    String code,
    String summary,
    Optional<SourcePosition> position,
    String subject,
    List<String> detail,
    Optional<Snippet> snippet,
    String hint) {

  public enum Severity {
    ERROR,
    WARNING
  }

  /**
   * The lines of source to show.
   *
   * @param firstLine number of the first line in {@code lines}, from 1
   * @param length how many characters of the marked line are underlined, at least 1
   */
  public record Snippet(int firstLine, List<String> lines, int length) {
    public Snippet {
      lines = List.copyOf(lines);
    }
  }

  public Diagnostic {
    detail = List.copyOf(detail);
  }

  public static Diagnostic error(String code, String summary, String... detail) {
    return new Diagnostic(
        Severity.ERROR, code, summary, Optional.empty(), "", List.of(detail), Optional.empty(), "");
  }

  public static Diagnostic warning(String code, String summary, String... detail) {
    return error(code, summary, detail).as(Severity.WARNING);
  }

  public Diagnostic as(Severity other) {
    return new Diagnostic(other, code, summary, position, subject, detail, snippet, hint);
  }

  public Diagnostic at(SourcePosition where) {
    return new Diagnostic(
        severity, code, summary, Optional.of(where), subject, detail, snippet, hint);
  }

  public Diagnostic on(String what) {
    return new Diagnostic(severity, code, summary, position, what, detail, snippet, hint);
  }

  public Diagnostic showing(Snippet source) {
    return new Diagnostic(
        severity, code, summary, position, subject, detail, Optional.of(source), hint);
  }

  public Diagnostic hinting(String words) {
    return new Diagnostic(severity, code, summary, position, subject, detail, snippet, words);
  }
}
