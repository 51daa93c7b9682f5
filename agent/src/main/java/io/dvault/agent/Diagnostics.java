package io.dvault.agent;

import io.dvault.model.Diagnostic;
import io.dvault.model.Diagnostic.Severity;
import io.dvault.model.SourcePosition;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** Prints diagnostics as the engine does, in plain text. docs/style.md, "Errors". */
final class Diagnostics {
  private static final int CODE_COLUMN = 76;

  private Diagnostics() {}

  static void print(PrintStream out, List<Diagnostic> diagnostics) {
    diagnostics.forEach(diagnostic -> print(out, diagnostic));
  }

  private static void print(PrintStream out, Diagnostic diagnostic) {
    String head =
        (diagnostic.severity() == Severity.ERROR ? "Error: " : "Warning: ") + diagnostic.summary();
    out.println(head + " ".repeat(Math.max(1, CODE_COLUMN - head.length())) + "["
        + diagnostic.code() + "]");
    Optional<SourcePosition> position = diagnostic.position();
    if (position.isPresent() || !diagnostic.subject().isEmpty()) {
      String where = position.map(SourcePosition::toString).orElse("");
      out.println("  " + where + (where.isEmpty() || diagnostic.subject().isEmpty() ? "" : ": ")
          + diagnostic.subject());
    }
    diagnostic.snippet().ifPresent(snippet -> {
      for (int i = 0; i < snippet.lines().size(); i++) {
        int number = snippet.firstLine() + i;
        out.printf("  %5d | %s%n", number, snippet.lines().get(i));
        if (position.isPresent() && position.get().line() == number) {
          out.println(
              "        | " + " ".repeat(position.get().column() - 1) + "^".repeat(snippet.length())
                  + (diagnostic.hint().isEmpty() ? "" : " " + diagnostic.hint()));
        }
      }
    });
    if (diagnostic.snippet().isEmpty() && !diagnostic.hint().isEmpty()) {
      out.println("  " + Character.toUpperCase(diagnostic.hint().charAt(0))
          + diagnostic.hint().substring(1));
    }
    diagnostic.detail().forEach(line -> out.println("  " + line));
  }
}
