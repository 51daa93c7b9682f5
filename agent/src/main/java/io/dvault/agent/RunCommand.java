package io.dvault.agent;

import io.dvault.disk.Checkpoint;
import io.dvault.disk.Layout;
import io.dvault.log.StructuredLog;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "run",
    description = "Follow the vault until stopped. Logs key=value lines to standard error.",
    footer = {
      "",
      "Examples:",
      "  dvault-agent run",
      "  dvault-agent run --root /tmp/drone-7   put all paths below a folder, for testing"
    })
final class RunCommand implements Callable<Integer> {
  private static final long STOP_SECONDS = 40; // an action may take its time limit

  @ParentCommand
  private Main main;

  @Mixin
  private RootOption root;

  @Override
  public Integer call() throws Exception {
    Layout layout = root.layout();
    Clock clock = Clock.systemUTC();
    StructuredLog log = new StructuredLog(main.err(), clock);
    try (Agent agent = Agent.open(layout, clock, log, Checkpoint.NONE)) {
      Daemon daemon = new Daemon(agent, clock, new SecureRandom());
      CountDownLatch ended = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(new Thread(
              () -> {
                daemon.stop();
                try {
                  ended.await(STOP_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              "stop"));
      log.info("started", "root", layout.root(), "poll", agent.config().poll());
      daemon.run();
      ended.countDown();
    }
    return Main.WELL;
  }
}
