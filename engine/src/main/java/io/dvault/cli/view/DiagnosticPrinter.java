package io.dvault.cli.view;

import io.dvault.cli.view.Terminal.Style;
import io.dvault.model.Diagnostic;
import io.dvault.model.Diagnostic.Severity;
import io.dvault.model.Diagnostic.Snippet;
import io.dvault.model.Quantities;
import io.dvault.model.SourcePosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Diagnostics as people read them: what and code, where with the source, the way out.
 * docs/style.md, "Errors".
 */
public final class DiagnosticPrinter {
  private static final int CODE_COLUMN = 83;
  private static final Comparator<Diagnostic> ORDER = Comparator.comparing(
          (Diagnostic d) -> d.position().map(SourcePosition::file).orElse(""))
      .thenComparing(d -> d.position().map(SourcePosition::line).orElse(0))
      .thenComparing(d -> d.position().map(SourcePosition::column).orElse(0))
      .thenComparing(Diagnostic::severity)
      .thenComparing(Diagnostic::code)
      .thenComparing(Diagnostic::summary);

  private final Terminal terminal;

  public DiagnosticPrinter(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Prints all of them to {@code err}, in the order of files and lines, with an empty line after each. */
  public void print(List<Diagnostic> diagnostics) {
    diagnostics.stream().sorted(ORDER).map(DiagnosticPrinter::printable).forEach(diagnostic -> {
      lines(diagnostic).forEach(terminal.err()::println);
      terminal.err().println();
    });
  }

  /** {@code 2 errors, 1 warning}; {@code no errors} when there is none of both. */
  public static String tally(List<Diagnostic> diagnostics) {
    long errors =
        diagnostics.stream().filter(d -> d.severity() == Severity.ERROR).count();
    long warnings = diagnostics.size() - errors;
    List<String> parts = new ArrayList<>();
    if (errors > 0 || warnings == 0) {
      parts.add(errors == 0 ? "no errors" : Quantities.count(errors, "error"));
    }
    if (warnings > 0) {
      parts.add(Quantities.count(warnings, "warning"));
    }
    return String.join(", ", parts);
  }

  private List<String> lines(Diagnostic diagnostic) {
    List<String> lines = new ArrayList<>();
    lines.add(heading(diagnostic));
    String where = diagnostic.position().map(SourcePosition::toString).orElse("");
    String subject = diagnostic.subject();
    if (!where.isEmpty() || !subject.isEmpty()) {
      lines.add("  " + where + (where.isEmpty() || subject.isEmpty() ? "" : ": ") + subject);
    }
    diagnostic
        .snippet()
        .ifPresent(source -> diagnostic
            .position()
            .ifPresent(position -> lines.addAll(snippet(source, position, diagnostic.hint()))));
    if (diagnostic.snippet().isEmpty() && !diagnostic.hint().isEmpty()) {
      lines.add("  " + capitalized(diagnostic.hint()));
    }
    diagnostic.detail().stream().map(line -> "  " + line).forEach(lines::add);
    return lines;
  }

  private String heading(Diagnostic diagnostic) {
    boolean error = diagnostic.severity() == Severity.ERROR;
    String label = error ? "Error" : "Warning";
    String code = "[" + diagnostic.code() + "]";
    int edge = Math.min(CODE_COLUMN, terminal.width());
    int used = label.length() + 2 + diagnostic.summary().length();
    String gap = " ".repeat(Math.max(1, edge - used - code.length()));
    return terminal.errStyle(error ? Style.RED : Style.YELLOW, label + ":") + " "
        + terminal.errStyle(Style.BOLD, diagnostic.summary()) + gap
        + terminal.errStyle(Style.DIM, code);
  }

  private List<String> snippet(Snippet source, SourcePosition position, String hint) {
    List<String> lines = new ArrayList<>();
    int digits =
        Math.max(6, String.valueOf(source.firstLine() + source.lines().size()).length() + 1);
    for (int i = 0; i < source.lines().size(); i++) {
      int number = source.firstLine() + i;
      String text = source.lines().get(i);
      lines.add(" " + " ".repeat(digits - String.valueOf(number).length()) + number + " | " + text);
      if (number == position.line()) {
        String underline = "^".repeat(Math.max(1, source.length()));
        String before = " ".repeat(Math.max(0, position.column() - 1));
        lines.add(" ".repeat(digits + 1) + " | " + before + terminal.errStyle(Style.RED, underline)
            + (hint.isEmpty() ? "" : " " + hint));
      }
    }
    return lines;
  }

  private static String capitalized(String words) {
    return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  /** Control characters out of a hostile file must not reach the terminal. */
  private static Diagnostic printable(Diagnostic given) {
    return new Diagnostic(
        given.severity(),
        given.code(),
        printable(given.summary()),
        given.position().map(p -> new SourcePosition(printable(p.file()), p.line(), p.column())),
        printable(given.subject()),
        given.detail().stream()
            .flatMap(String::lines)
            .map(DiagnosticPrinter::printable)
            .toList(),
        given
            .snippet()
            .map(s -> new Snippet(
                s.firstLine(),
                s.lines().stream().map(DiagnosticPrinter::printable).toList(),
                s.length())),
        printable(given.hint()));
  }

  private static String printable(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.chars()
        .map(c -> c == '\t' ? ' ' : Character.isISOControl(c) ? '\uFFFD' : c)
        .forEach(c -> shown.append((char) c));
    return shown.toString();
  }
}
