package io.dvault.cli.view;

import io.dvault.model.Diagnostic;
import io.dvault.plan.Plan;
import io.dvault.workflow.Planning;
import java.util.ArrayList;
import java.util.List;

/**
 * What comes of a plan: the last line and the exit code out of one place, so that they never
 * disagree (docs/requirements.md P2).
 *
 * @param refusals what keeps it from being applied
 */
public record PlanVerdict(Planning planning, List<Diagnostic> refusals) {
  public PlanVerdict {
    refusals = List.copyOf(refusals);
  }

  public Plan plan() {
    return planning.plan();
  }

  /** The plan's own, and those of the trust policies. */
  List<Diagnostic> warnings() {
    List<Diagnostic> warnings = new ArrayList<>(plan().warnings());
    warnings.addAll(planning.policy().warnings());
    warnings.addAll(planning.history().warnings());
    return warnings;
  }

  public boolean refused() {
    return !refusals.isEmpty();
  }

  /** {@code no-changes}, {@code changes} or {@code refused}, for machines. */
  public String word() {
    return refused() ? "refused" : plan().isEmpty() ? "no-changes" : "changes";
  }

  /** The last line. */
  public String line() {
    return refused() ? "Plan refused: " + PlanView.summary(plan()) : PlanView.verdict(plan());
  }
}
