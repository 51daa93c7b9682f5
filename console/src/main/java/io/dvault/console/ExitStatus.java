package io.dvault.console;

/**
 * One row of a program's table of exit codes: what its help, its man pages and docs/exit-codes.md say.
 *
 * @param when of which commands, in words; empty: of all
 */
public record ExitStatus(int code, String meaning, String when) {
  /** {@code 3  fmt --check: a file is not formatted}. */
  public String line() {
    return "%5d  %s".formatted(code, words());
  }

  public String words() {
    return when.isEmpty() ? meaning : when + ": " + meaning;
  }
}
