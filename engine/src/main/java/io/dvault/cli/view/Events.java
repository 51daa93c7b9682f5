package io.dvault.cli.view;

import io.dvault.model.Diagnostic;
import io.dvault.model.Diagnostic.Severity;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.node.ObjectNode;

/**
 * What happens, one JSON object a line, in the form of OpenTofu's machine-readable UI: {@code @level},
 * {@code @message}, {@code @module}, {@code @timestamp}, {@code type}, and what the type brings. Schema:
 * {@code event.schema.json}.
 */
public final class Events {
  /** Grows when a field changes its meaning or goes away; new fields and types do not count. */
  private static final String FORMAT = "1.0";

  private final Terminal terminal;
  private final Clock clock;

  public Events(Terminal terminal, Clock clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  public void version() {
    ObjectNode node = event("info", "dvault " + ProductVersion.version(), "version");
    node.put("dvault", ProductVersion.version());
    node.put("ui", FORMAT);
    emit(node);
  }

  public void diagnostic(Diagnostic diagnostic) {
    boolean error = diagnostic.severity() == Severity.ERROR;
    ObjectNode node = event(
        error ? "error" : "warn",
        (error ? "Error: " : "Warning: ") + diagnostic.summary(),
        "diagnostic");
    node.set("diagnostic", DiagnosticJson.write(diagnostic));
    emit(node);
  }

  /** A line for people that no other event tells. */
  void log(String line) {
    emit(event("info", line, "log"));
  }

  ObjectNode event(String level, String message, String type) {
    ObjectNode node = DiagnosticJson.MAPPER.createObjectNode();
    node.put("@level", level);
    node.put("@message", message);
    node.put("@module", "dvault.ui");
    node.put("@timestamp", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    node.put("type", type);
    return node;
  }

  synchronized void emit(ObjectNode node) {
    terminal.println(node.toString());
  }
}
