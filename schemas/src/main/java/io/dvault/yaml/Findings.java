package io.dvault.yaml;

import io.dvault.model.Diagnostic;
import io.dvault.model.Diagnostic.Severity;
import io.dvault.model.SourcePosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Collects diagnostics, so that one run finds everything, whichever thread finds it. */
public final class Findings {
  private static final Comparator<Diagnostic> ORDER =
      Comparator.comparing(Findings::sortedLastWhenNowhere).thenComparing(Diagnostic::code);
  private static final SourcePosition NOWHERE = new SourcePosition("\uffff", 0, 0);

  private final List<Diagnostic> all = new ArrayList<>();

  private static SourcePosition sortedLastWhenNowhere(Diagnostic diagnostic) {
    return diagnostic.position().orElse(NOWHERE);
  }

  public synchronized void add(Diagnostic diagnostic) {
    all.add(diagnostic);
  }

  public synchronized int count() {
    return all.size();
  }

  public synchronized boolean hasErrors() {
    return all.stream().anyMatch(each -> each.severity() == Severity.ERROR);
  }

  /** By position, then code; two findings of one code at one place are told once. */
  public synchronized List<Diagnostic> sorted() {
    Set<Place> seen = new HashSet<>();
    return all.stream()
        .filter(
            each -> each.position().isEmpty() || seen.add(new Place(each.code(), each.position())))
        .sorted(ORDER)
        .toList();
  }

  private record Place(String code, Optional<SourcePosition> position) {}
}
