package io.dvault.cli;

import io.dvault.apply.CrashPoint.Step;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Where the wall time of a run goes once the command is found: a phase lasts until the next one begins. */
final class Timings {
  private static final double NANOS = 1e9;

  private final Map<String, Long> nanos = new LinkedHashMap<>();
  private String phase = "";
  private long since;

  synchronized void begin(String next) {
    long now = System.nanoTime();
    if (!phase.isEmpty()) {
      nanos.merge(phase, now - since, Long::sum);
    }
    phase = next;
    since = now;
  }

  void begin(Step step) {
    begin(switch (step) {
      case ISSUE -> "issue and seal";
      case PUBLISH -> "put";
      case READ_BACK -> "read back";
      case APPROVE -> "approve";
      case JOURNAL_COMMIT -> "journal";
      case SEND -> "commit";
      case CLEAN_UP -> "clean up";
    });
  }

  /** {@code Time: files 0.05 s, configuration 0.31 s, …}. */
  String line() {
    begin("");
    StringBuilder line = new StringBuilder("Time:");
    nanos.forEach((name, took) ->
        line.append(String.format(Locale.ROOT, " %s %.2f s,", name, took / NANOS)));
    line.setCharAt(line.length() - 1, '.');
    return line.toString();
  }
}
