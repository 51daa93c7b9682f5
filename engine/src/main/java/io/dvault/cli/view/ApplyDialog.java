package io.dvault.cli.view;

import io.dvault.cli.view.PlanView.Detail;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Quantities;
import io.dvault.plan.Guards;
import io.dvault.plan.Plan;
import io.dvault.workflow.ApplySession;
import io.dvault.workflow.Planning;
import io.dvault.workflow.Rollout;
import io.dvault.workflow.RolloutSettings;

/** From a plan to the closing line: show, guard, ask, apply. */
public final class ApplyDialog {
  private final CommandContext context;
  private final Rollout rollout;

  public ApplyDialog(CommandContext context, ApplySession session) {
    this(context, session, RolloutSettings.NONE);
  }

  public ApplyDialog(CommandContext context, ApplySession session, RolloutSettings settings) {
    this.context = context;
    this.rollout = new Rollout(session, settings);
  }

  /**
   * @param reason reason code of the public summary
   * @param ask whether to ask before
   * @param input whether somebody can be asked
   */
  public Rollout.End apply(
      Planning planning,
      String reason,
      Guards.Allowed allowed,
      boolean ask,
      boolean input,
      Detail detail) {
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
      return Rollout.End.DONE;
    }
    rollout.prepare(planning);
    context.terminal().println("");
    if (ask) {
      new Prompt(context).requireYes("Do " + these(plan) + "?", "applied", input);
    }
    return rollout.carryOut(planning, reason);
  }

  private static String these(Plan plan) {
    int changes = plan.issues()
        + plan.rotations()
        + plan.revocations()
        + plan.authorities().size()
        + (plan.head().isPresent() ? 1 : 0)
        + (plan.rules().isPresent() ? 1 : 0);
    return changes == 1 ? "this change" : "these " + Quantities.number(changes) + " changes";
  }
}
