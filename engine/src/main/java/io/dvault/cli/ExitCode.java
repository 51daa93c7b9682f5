package io.dvault.cli;

/** What a command leaves behind for scripts. FEATURES P2: they never disagree with the printed verdict. */
public final class ExitCode {
  /** Done; with {@code --detailed-exitcode}: nothing to change. */
  public static final int OK = 0;

  /** Refused or failed; a diagnostic was printed and nothing was changed unless it says so. */
  public static final int FAILED = 1;

  /** Only with {@code --detailed-exitcode}: there are changes. */
  public static final int CHANGES = 2;

  /** Only with {@code fmt --check}: a file is not in the style. */
  public static final int UNFORMATTED = 3;

  /** Committed, but devices failed or did not report in time; a rollout may have stopped before its end. */
  public static final int NOT_EVERYWHERE = 4;

  /** Stopped by Ctrl-C or SIGTERM before everything was done, as shells have it: 128 and the number of SIGINT. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
