package io.dvault.model;

import java.util.List;
import java.util.stream.Collectors;

/** Carries a user's mistakes, or an expected failure of the environment, up to the command that prints them. */
public final class DiagnosticException extends RuntimeException {
  private final transient List<Diagnostic> diagnostics;

  public DiagnosticException(List<Diagnostic> diagnostics) {
    super(diagnostics.stream().map(Diagnostic::summary).collect(Collectors.joining("; ")));
    this.diagnostics = List.copyOf(diagnostics);
  }

  public DiagnosticException(Diagnostic diagnostic) {
    this(List.of(diagnostic));
  }

  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
