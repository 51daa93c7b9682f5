package io.dvault.cli.view;

import io.dvault.model.Durations;
import io.dvault.model.Quantities;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * One line for each phase: on a terminal a bar that grows in place, elsewhere a line now and then
 * and its last state. Work
 * that takes a while says how fast it goes and how long it will. Goes to {@code err}, so that {@code out} holds results
 * alone. It needs neither colour nor cursor codes.
 */
final class ProgressBar {
  private static final int CELLS = 24;
  private static final long REDRAW_NANOS = 100_000_000L;
  /** As often as OpenTofu says "Still creating…". */
  private static final long LINE_NANOS = 10_000_000_000L;
  /** From here on there is a rate worth telling. */
  private static final long LONG_NANOS = 2_000_000_000L;

  private static final double SECOND = 1e9;

  private final Terminal terminal;
  private final String label;
  private final LongSupplier nanos;
  private boolean started;
  private long start;
  private long drawn;
  private int width;

  /** @param nanos a clock that only differences are taken of */
  ProgressBar(Terminal terminal, String label, LongSupplier nanos) {
    this.terminal = terminal;
    this.label = label;
    this.nanos = nanos;
  }

  /** Starts the time that the rate is taken over. */
  synchronized void begin() {
    started = true;
    start = nanos.getAsLong();
    drawn = start;
  }

  synchronized void show(long done, long of) {
    show(done, of, "");
  }

  /** @param note beside the numbers; what is missing, say */
  synchronized void show(long done, long of, String note) {
    if (!started) {
      begin();
    }
    long now = nanos.getAsLong();
    if (now - drawn < (terminal.errIsTerminal() ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    drawn = now;
    String words = fraction(done, of) + pace(done, of, now) + (note.isEmpty() ? "" : ", " + note);
    if (terminal.errIsTerminal()) {
      redraw(line(done, of, words));
    } else {
      terminal.err().println("  " + padded() + words);
    }
  }

  /** The phase is over: the line stays, with {@code words} at its end. */
  synchronized void finish(String words) {
    finish(words, 1);
  }

  /** The phase is over, and may have come to a part only: {@code done} of {@code of}. */
  synchronized void finish(String words, long done, long of) {
    if (terminal.errIsTerminal()) {
      redraw(line(done, of, words));
      terminal.err().println();
    } else {
      terminal.err().println(line(done, of, words));
    }
  }

  /** The same with the rate at which {@code done} of them went, if it took long enough to matter. */
  synchronized void finish(String words, long done) {
    long took = started ? nanos.getAsLong() - start : 0;
    String rate = took < LONG_NANOS || done < 2
        ? ""
        : String.format(
            Locale.ROOT,
            " in %.1f s, %s/s",
            took / SECOND,
            Quantities.number(Math.round(done * SECOND / took)));
    finish(words + rate, 1, 1);
  }

  /** Something that has no measure is under way; only a terminal shows it. */
  synchronized void say(String words) {
    if (terminal.errIsTerminal()) {
      redraw("  " + padded() + words);
    }
  }

  /** Takes the line away again. */
  synchronized void clear() {
    if (terminal.errIsTerminal() && width > 0) {
      redraw("");
      terminal.err().print('\r');
      terminal.err().flush();
    }
  }

  private static String fraction(long done, long of) {
    return Quantities.number(done) + "/" + Quantities.number(of);
  }

  private String pace(long done, long of, long now) {
    long took = now - start;
    if (took < LONG_NANOS || done < 1 || done >= of) {
      return "";
    }
    double rate = done * SECOND / took;
    Duration left = Duration.ofSeconds(Math.max(1, Math.round((of - done) / rate)));
    String each = rate >= 1
        ? Quantities.number(Math.round(rate)) + "/s"
        : Quantities.number(Math.round(rate * 60)) + "/min";
    return ", " + each + ", " + Durations.format(left) + " left";
  }

  /** Blanks wipe what the line before left over. */
  private void redraw(String line) {
    String fitting =
        line.length() < terminal.width() ? line : line.substring(0, terminal.width() - 2) + "…";
    terminal.err().print("\r" + fitting + " ".repeat(Math.max(0, width - fitting.length())));
    terminal.err().flush();
    width = fitting.length();
  }

  private String line(long done, long of, String words) {
    int full = of == 0 ? CELLS : (int) (CELLS * done / of);
    return "  " + padded() + "█".repeat(full) + "░".repeat(CELLS - full) + "  " + words;
  }

  private String padded() {
    return label + " ".repeat(Math.max(1, 10 - label.length()));
  }
}
