package io.dvault.agent;

import io.dvault.disk.Checkpoint;
import io.dvault.disk.Layout;
import io.dvault.log.StructuredLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

/** A process of its own that looks once and is killed (SIGKILL) when it has done so many steps on disk. */
final class CrashingAgent {
  private CrashingAgent() {}

  /** @param arguments root folder, number of the step to die after */
  public static void main(String[] arguments) throws IOException {
    AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[1]));
    Checkpoint checkpoint = step -> {
      if (left.decrementAndGet() == 0) {
        System.out.println("died after " + step);
        System.out.flush();
        kill();
      }
    };
    try (Agent agent = Agent.open(
        Layout.of(Path.of(arguments[0])),
        Clock.systemUTC(),
        new StructuredLog(System.err, Clock.systemUTC()),
        checkpoint)) {
      agent.cycle().run();
    }
    System.out.println("done");
  }

  private static void kill() {
    try {
      new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
      Thread.sleep(60_000); // the signal comes first
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
