package io.dvault.workflow;

import io.dvault.apply.ApplyPipeline.Outcome;
import io.dvault.apply.ChangeCounts;
import io.dvault.plan.Plan;
import java.util.List;

/** A commit that was done, with its plan. */
public record CommittedPlan(Outcome.Committed outcome, Plan plan) {
  /** What all of them did together. */
  public static ChangeCounts tally(List<CommittedPlan> done) {
    return done.stream()
        .map(each -> each.outcome().tally())
        .reduce(ChangeCounts.NOTHING, ChangeCounts::plus);
  }
}
