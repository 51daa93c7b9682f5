package io.dvault.cli;

import io.dvault.cli.PlanView.Detail;
import io.dvault.model.DiagnosticException;
import io.dvault.plan.Guards;
import io.dvault.plan.Plan;

/** From a plan to the closing line: show, guard, ask, apply. */
final class ApplyStep {
  private final CommandContext context;
  private final Rollout rollout;

  ApplyStep(CommandContext context, ApplyRun run) {
    this(context, run, Rollout.Settings.NONE);
  }

  ApplyStep(CommandContext context, ApplyRun run, Rollout.Settings settings) {
    this.context = context;
    this.rollout = new Rollout(context, run, settings);
  }

  /**
   * @param reason reason code of the public summary
   * @param ask whether to ask before
   * @param input whether somebody can be asked
   */
  int apply(Planning planning, String reason, Guards.Allowed allowed, boolean ask, boolean input, Detail detail) {
    Plan plan = planning.plan();
    PlanVerdict verdict = new PlanVerdict(planning, planning.refusals(allowed));
    planning.workspace().timings().begin("screen and keys");
    if (context.events().isPresent()) {
      new PlanEvents(context.events().get()).emit(verdict);
    } else {
      new PlanView(context.terminal()).print(planning, detail);
    }
    if (verdict.refused()) {
      throw new DiagnosticException(verdict.refusals());
    }
    if (context.events().isEmpty()) {
      context.terminal().println(verdict.line());
    }
    if (plan.isEmpty()) {
      return ExitCode.OK;
    }
    rollout.prepare(planning);
    context.terminal().println("");
    if (ask) {
      new Prompt(context).requireYes("Do " + these(plan) + "?", "applied", input);
    }
    return rollout.carryOut(planning, reason);
  }

  private static String these(Plan plan) {
    int changes = plan.issues() + plan.rotations() + plan.revocations() + plan.authorities().size()
        + (plan.head().isPresent() ? 1 : 0) + (plan.rules().isPresent() ? 1 : 0);
    return changes == 1 ? "this change" : "these " + Words.number(changes) + " changes";
  }
}
