package io.dvault.agent;

import io.dvault.converge.Cycle.Report;
import io.dvault.disk.Checkpoint;
import io.dvault.log.StructuredLog;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "once",
    description = "Look once and exit. Use it with a timer to keep no process between looks.",
    footer = {
      "",
      "Examples:",
      "  dvault-agent once",
      "  dvault-agent once || dvault-agent status",
      "",
      "Exit codes: 0 converged; 2 converged as far as possible, see status; 1 the look failed."
    })
final class OnceCommand implements Callable<Integer> {
  @ParentCommand
  private Main main;

  @Mixin
  private RootOption root;

  @Override
  public Integer call() throws Exception {
    Clock clock = Clock.systemUTC();
    StructuredLog log = new StructuredLog(main.err(), clock);
    try (Agent agent = Agent.open(root.layout(), clock, log, Checkpoint.NONE)) {
      Report report = agent.cycle().run();
      agent.publisher().publish(report, Optional.empty());
      log.info(
          "done",
          "epoch",
          report.state().epoch(),
          "held",
          report.held().size(),
          "problems",
          report.problems().size());
      return report.problems().isEmpty() ? Main.WELL : Main.NEEDS_PERSON;
    }
  }
}
