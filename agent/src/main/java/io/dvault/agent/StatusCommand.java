package io.dvault.agent;

import io.dvault.cbor.MalformedCborException;
import io.dvault.disk.Layout;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "status",
    description =
        "Show what this device holds and which problems need attention, as of the last look. Works offline.",
    footer = {
      "",
      "Examples:",
      "  dvault-agent status",
      "  dvault-agent status -json | jq .epoch",
      "",
      "Exit codes: 0 no problems; 2 a problem needs attention, or the agent has stopped looking; 1 not enrolled."
    })
final class StatusCommand implements Callable<Integer> {
  @Mixin
  private RootOption root;

  @Option(
      names = "--json",
      description = "One JSON object with format_version; times are unix seconds.")
  private boolean json;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Layout layout = root.layout();
    Enrolment.requireDone(layout);
    if (!Files.exists(layout.status())) {
      throw new DiagnosticException(Diagnostic.error(
          "DV501",
          "this device has not looked yet",
          "It is enrolled; nothing was fetched so far.",
          "Run `dvault-agent once`, or start `dvault-agent run`."));
    }
    Status status = read(layout);
    Instant now = Instant.now();
    PrintWriter out = spec.commandLine().getOut();
    StatusScreen screen = new StatusScreen(status, now);
    if (json) {
      StringBuilder text = new StringBuilder();
      CborJson.of(status.toCbor()).write(text);
      out.println(text);
    } else {
      screen.lines().forEach(out::println);
    }
    out.flush();
    return screen.needsPerson() ? Main.NEEDS_PERSON : Main.WELL;
  }

  private static Status read(Layout layout) throws Exception {
    try {
      return Status.decode(Files.readAllBytes(layout.status()));
    } catch (MalformedCborException e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV504",
          "the status file cannot be read",
          layout.status() + ": " + e.getMessage() + ".",
          "The next look rewrites it."));
    }
  }
}
