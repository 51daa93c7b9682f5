package io.dvault.workflow;

import io.dvault.apply.Applier.Outcome;
import io.dvault.apply.Tally;
import io.dvault.plan.Plan;
import java.util.List;

/** A commit that was done, with its plan. */
public record CommittedPlan(Outcome.Committed outcome, Plan plan) {
  /** What all of them did together. */
  public static Tally tally(List<CommittedPlan> done) {
    return done.stream().map(each -> each.outcome().tally()).reduce(Tally.NOTHING, Tally::plus);
  }
}
