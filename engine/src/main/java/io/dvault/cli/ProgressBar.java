package io.dvault.cli;

/**
 * One line for each phase: on a terminal a bar that grows in place, elsewhere only its last state. Goes to {@code err},
 * so that {@code out} holds results alone.
 */
final class ProgressBar {
  private static final int CELLS = 24;
  private static final long REDRAW_NANOS = 50_000_000;

  private final Terminal terminal;
  private final String label;
  private long drawn;

  ProgressBar(Terminal terminal, String label) {
    this.terminal = terminal;
    this.label = label;
  }

  synchronized void show(long done, long of) {
    long now = System.nanoTime();
    if (terminal.errIsTerminal() && (now - drawn > REDRAW_NANOS || done == of)) {
      drawn = now;
      terminal.err().print("\r" + line(done, of, Words.number(done) + "/" + Words.number(of)));
      terminal.err().flush();
    }
  }

  /** The phase is over: the line stays, with {@code words} at its end. */
  synchronized void finish(String words) {
    terminal.err().println((terminal.errIsTerminal() ? "\r\u001b[K" : "") + line(1, 1, words));
  }

  private String line(long done, long of, String words) {
    int full = of == 0 ? CELLS : (int) (CELLS * done / of);
    String bar = "█".repeat(full) + "░".repeat(CELLS - full);
    return "  " + label + " ".repeat(Math.max(1, 10 - label.length())) + bar + "  " + words;
  }
}
