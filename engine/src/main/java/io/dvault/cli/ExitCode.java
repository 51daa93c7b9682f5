package io.dvault.cli;

import io.dvault.cli.view.PlanVerdict;
import io.dvault.console.ExitStatus;
import io.dvault.workflow.Interruption;
import io.dvault.workflow.Rollout;
import java.util.List;

/**
 * What a command leaves behind for scripts. docs/requirements.md P2: they never disagree with the
 * printed verdict.
 */
public final class ExitCode {
  /** Done; with {@code --detailed-exitcode}: nothing to change. */
  public static final int OK = 0;

  /** Refused or failed; a diagnostic was printed and nothing was changed unless it says so. */
  public static final int FAILED = 1;

  /** Only with {@code --detailed-exitcode}: there are changes. */
  public static final int CHANGES = 2;

  /** Only with {@code fmt --check}: a file is not formatted. */
  public static final int UNFORMATTED = 3;

  /** Committed, but devices failed or did not report in time, or something stopped a rollout before its end. */
  public static final int NOT_EVERYWHERE = 4;

  /** Stopped by Ctrl-C or SIGTERM before everything was done, as shells have it: 128 and the number of SIGINT. */
  public static final int INTERRUPTED = Interruption.EXIT_CODE;

  /** The one table: help, manual pages and docs/exit-codes.md. */
  static final List<ExitStatus> TABLE = List.of(
      new ExitStatus(OK, "success; with --detailed-exitcode: no changes", ""),
      new ExitStatus(
          FAILED,
          "refused or failed: see the diagnostic; nothing was changed unless it says so",
          ""),
      new ExitStatus(CHANGES, "there are changes", "--detailed-exitcode"),
      new ExitStatus(UNFORMATTED, "a file is not formatted", "fmt --check"),
      new ExitStatus(
          NOT_EVERYWHERE,
          "committed, but devices failed or did not report in time, or waves remain",
          "apply --wait, --waves"),
      new ExitStatus(INTERRUPTED, "interrupted by Ctrl-C or SIGTERM before completion", ""));

  private ExitCode() {}

  static int of(Rollout.End end) {
    return switch (end) {
      case DONE -> OK;
      case NOT_EVERYWHERE -> NOT_EVERYWHERE;
      case INTERRUPTED -> INTERRUPTED;
    };
  }

  /** @param detailed whether changes count as 2 */
  static int of(PlanVerdict verdict, boolean detailed) {
    if (verdict.refused()) {
      return FAILED;
    }
    return detailed && !verdict.plan().isEmpty() ? CHANGES : OK;
  }
}
