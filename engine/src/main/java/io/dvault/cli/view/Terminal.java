package io.dvault.cli.view;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where output goes. Results go to {@link #out}, diagnostics and progress to {@link #err}. Colour only where a person
 * looks and did not set NO_COLOR (no-color.org); it repeats what a symbol says already.
 *
 * @param outIsTerminal whether a person sees {@code out}
 * @param errIsTerminal whether a person sees {@code err}
 * @param width columns of the terminal, {@value #DEFAULT_WIDTH} where there is none
 */
public record Terminal(
    PrintStream out,
    PrintStream err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    boolean color,
    int width) {
  public static final int DEFAULT_WIDTH = 100;

  /** A style that means one thing everywhere. */
  public enum Style {
    RED(31),
    GREEN(32),
    YELLOW(33),
    BOLD(1),
    DIM(2);

    private final int code;

    Style(int code) {
      this.code = code;
    }
  }

  /**
   * The process's own streams. The launcher asks the shell which of them are terminals and passes it on in
   * {@code dvault.tty} ({@code "out,err"}) and {@code dvault.columns}: asking the JVM costs a tenth of a second.
   */
  public static Terminal ofProcess(Map<String, String> environment) {
    String terminals = System.getProperty("dvault.tty", "");
    boolean out = terminals.contains("out");
    boolean err = terminals.contains("err");
    String noColor = environment.getOrDefault("NO_COLOR", "");
    boolean plain = !noColor.isEmpty() || "dumb".equals(environment.get("TERM"));
    int columns = Integer.getInteger("dvault.columns", DEFAULT_WIDTH);
    return new Terminal(
        utf8(System.out),
        utf8(System.err),
        out,
        err,
        (out || err) && !plain,
        columns < 20 ? DEFAULT_WIDTH : columns);
  }

  Terminal plain() {
    return new Terminal(out, err, outIsTerminal, errIsTerminal, false, width);
  }

  /** Every line that somebody prints becomes an event; nobody looks. */
  Terminal logging(Events events) {
    PrintStream lines = new PrintStream(new LineStream(events::log), true, StandardCharsets.UTF_8);
    return new Terminal(lines, lines, false, false, false, width);
  }

  private static PrintStream utf8(PrintStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  /** {@code text} in colour for {@code out}, or as it is. */
  public String style(Style style, String text) {
    return outIsTerminal ? paint(style, text) : text;
  }

  /** {@code text} in colour for {@code err}, or as it is. */
  public String errStyle(Style style, String text) {
    return errIsTerminal ? paint(style, text) : text;
  }

  private String paint(Style style, String text) {
    return color ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
  }

  public void println(String line) {
    out.println(line);
  }
}
