package io.dvault.cli;

import io.dvault.model.Diagnostic;
import io.dvault.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/**
 * What comes of a plan: the last line and the exit code out of one place, so that they never
 * disagree (docs/requirements.md P2).
 *
 * @param refusals what keeps it from being applied
 */
record PlanVerdict(Planning planning, List<Diagnostic> refusals) {
  PlanVerdict {
    refusals = List.copyOf(refusals);
  }

  Plan plan() {
    return planning.plan();
  }

  /** The plan's own, and those of the trust policies. */
  List<Diagnostic> warnings() {
    List<Diagnostic> warnings = new ArrayList<>(plan().warnings());
    warnings.addAll(planning.policy().warnings());
    warnings.addAll(planning.history().warnings());
    return warnings;
  }

  boolean refused() {
    return !refusals.isEmpty();
  }

  /** {@code no-changes}, {@code changes} or {@code refused}, for machines. */
  String word() {
    return refused() ? "refused" : plan().isEmpty() ? "no-changes" : "changes";
  }

  /** The last line. */
  String line() {
    return refused() ? "Plan refused: " + PlanView.summary(plan()) : PlanView.verdict(plan());
  }
}
