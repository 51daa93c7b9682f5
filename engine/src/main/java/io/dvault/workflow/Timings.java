package io.dvault.workflow;

import io.dvault.apply.ApplyCheckpoint.Step;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where the time of a run goes once the command is found, on the clock and on all processors of this process (compiling
 * and collecting garbage included): a phase lasts until the next one begins.
 */
public final class Timings {
  private static final double NANOS = 1e9;

  private final Map<String, Took> phases = new LinkedHashMap<>();
  private String phase = "";
  private Took since = new Took(0, 0);

  /** Nanoseconds on the clock and on processors; the latter in the system's ticks, mostly of 10 ms. */
  private record Took(long wall, long processor) {
    static Took now() {
      Duration processor = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
      return new Took(System.nanoTime(), processor.toNanos());
    }

    Took plus(Took other) {
      return new Took(wall + other.wall, processor + other.processor);
    }

    Took since(Took start) {
      return new Took(wall - start.wall, processor - start.processor);
    }
  }

  public synchronized void begin(String next) {
    Took now = Took.now();
    if (!phase.isEmpty()) {
      phases.merge(phase, now.since(since), Took::plus);
    }
    phase = next;
    since = now;
  }

  public void begin(Step step) {
    begin(
        switch (step) {
          case ISSUE -> "issue and seal";
          case PUBLISH -> "put";
          case READ_BACK -> "read back";
          case APPROVE -> "approve";
          case JOURNAL_COMMIT -> "journal";
          case SEND -> "commit";
          case CLEAN_UP -> "clean up";
        });
  }

  /** {@code Time: files 0.05 s (0.07 s of processor time), configuration 0.31 s (0.44 s), …}. */
  public String line() {
    begin("");
    StringBuilder line = new StringBuilder("Time:");
    phases.forEach((name, took) -> line.append(String.format(
        Locale.ROOT,
        line.length() == 5 ? " %s %.2f s (%.2f s of processor time)," : " %s %.2f s (%.2f s),",
        name,
        took.wall() / NANOS,
        took.processor() / NANOS)));
    line.setCharAt(line.length() - 1, '.');
    return line.toString();
  }
}
