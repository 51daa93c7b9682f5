package io.dvault.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a person sees while the demo runs, and the table at its end. */
final class Screen {
  private static final int WHAT = 45;
  private static final int HOW = 56;

  /** One thing that was seen, and how we know. */
  private record Seen(String what, String how, Duration took) {}

  private final PrintStream out;
  private final long start = System.nanoTime();
  private final List<Seen> seen = new ArrayList<>();

  Screen(PrintStream out) {
    this.out = out;
  }

  /** {@code  0.4 s  chain      anvil 1.7.1, …} */
  void progress(String part, String words) {
    out.printf(
        Locale.ROOT,
        "%5.1f s  %-10s %s%n",
        seconds(Duration.ofNanos(System.nanoTime() - start)),
        part,
        words);
    out.flush();
  }

  void seen(String what, String how, Duration took) {
    seen.add(new Seen(what, how, took));
    progress("seen", what);
  }

  void table() {
    out.printf("%n%-" + WHAT + "s %-" + HOW + "s %7s%n", "what was seen", "how we know", "took");
    for (Seen row : seen) {
      out.printf(
          Locale.ROOT,
          "%-" + WHAT + "s %-" + HOW + "s %5.1f s%n",
          row.what(),
          row.how(),
          seconds(row.took()));
    }
    out.flush();
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
