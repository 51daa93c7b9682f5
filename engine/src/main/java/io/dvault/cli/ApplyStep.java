package io.dvault.cli;

import io.dvault.apply.Applier.Outcome;
import io.dvault.apply.ApplyStopped;
import io.dvault.apply.Proposal;
import io.dvault.cli.PlanView.Detail;
import io.dvault.ledger.EvmSigner;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.plan.Guards;
import io.dvault.plan.Plan;
import java.nio.file.Path;
import java.util.List;

/** From a plan to the closing line: show, guard, ask, apply. */
final class ApplyStep {
  private final CommandContext context;
  private final ApplyRun run;

  ApplyStep(CommandContext context, ApplyRun run) {
    this.context = context;
    this.run = run;
  }

  /**
   * @param reason reason code of the public summary
   * @param ask whether to ask before
   * @param input whether somebody can be asked
   */
  int apply(Planning planning, String reason, Guards.Allowed allowed, boolean ask, boolean input, Detail detail) {
    Plan plan = planning.plan();
    new PlanView(context.terminal()).print(planning, detail);
    List<Diagnostic> refusals = planning.refusals(allowed);
    if (!refusals.isEmpty()) {
      throw new DiagnosticException(refusals);
    }
    context.terminal().println(PlanView.verdict(plan));
    if (plan.isEmpty()) {
      return ExitCode.OK;
    }
    context.terminal().println("");
    if (ask) {
      new Prompt(context).requireYes("Do " + these(plan) + "?", "applied", input);
    }
    try {
      return commit(planning, reason);
    } catch (ApplyStopped e) {
      context.terminal().err().println("Stopped. Nothing was committed; what was published is referred to by nobody.");
      return ExitCode.INTERRUPTED;
    }
  }

  private int commit(Planning planning, String reason) {
    ApplyScreen screen = new ApplyScreen(context.terminal());
    List<EvmSigner> approvers = run.approvers();
    Outcome outcome = run.applier(screen)
        .apply(planning.input(), planning.plan(), approvers, reason);
    switch (outcome) {
      case Outcome.Committed committed -> screen.committed(committed, planning.plan());
      case Outcome.Proposed proposed -> {
        String name = ".dvault/" + fileName(proposed.proposal(), reason);
        Path file = run.workspace().root().resolve(name);
        proposed.proposal().write(file);
        screen.proposed(proposed, context.directory().relativize(file).toString());
      }
    }
    return ExitCode.OK;
  }

  /** One for the whole repository, and one for each grant or revocation beside it. */
  private static String fileName(Proposal proposal, String reason) {
    String one = reason.equals("apply") ? "" : "-" + proposal.commit().root().hex().substring(0, 8);
    return "proposal-" + proposal.commit().epoch() + one + ".json";
  }

  private static String these(Plan plan) {
    int changes = plan.issues() + plan.rotations() + plan.revocations() + plan.authorities().size()
        + (plan.head().isPresent() ? 1 : 0) + (plan.rules().isPresent() ? 1 : 0);
    return changes == 1 ? "this change" : "these " + Words.number(changes) + " changes";
  }
}
