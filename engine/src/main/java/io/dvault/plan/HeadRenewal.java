package io.dvault.plan;

import io.dvault.model.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A change of the head alone: until when devices count it as fresh. Every commit moves that; this is the reason for one
 * when nothing else calls for it. It is due in the last third of {@code agents.staleAfter}, so a nightly apply keeps a
 * head of 30 days between 20 and 30.
 *
 * @param before what the contract holds
 * @param after what a commit at the plan's instant would make of it
 * @param why {@code fresh for 9d 3h, renewed at 10d}
 */
public record HeadRenewal(Instant before, Instant after, String why) {
  private static final int SHARE = 3;

  /** Empty before the first commit, and while the head is fresh for long and nobody asked. */
  static Optional<HeadRenewal> due(PlanInput input, Instant now) {
    Duration life = input.desired().vault().freshFor();
    return input.headUntil().flatMap(until -> {
      Duration left = Duration.between(now, until);
      boolean near = input.options().only().isEmpty() && left.compareTo(life.dividedBy(SHARE)) < 0;
      if (!near && !input.options().renewHead()) {
        return Optional.empty();
      }
      return Optional.of(
          new HeadRenewal(until, now.plus(life), near ? near(left, life) : "renewed as asked"));
    });
  }

  /** From when on it is due, though nobody asks. */
  static Optional<Instant> dueAt(PlanInput input) {
    return input
        .headUntil()
        .map(until -> until.minus(input.desired().vault().freshFor().dividedBy(SHARE)));
  }

  private static String near(Duration left, Duration life) {
    String state = left.isNegative() || left.isZero()
        ? "stale since " + Durations.format(left.negated())
        : "fresh for " + Durations.format(left);
    return state + ", renewed at " + Durations.format(life.dividedBy(SHARE));
  }

  /** Both ends as plans show times. */
  public FieldChange field() {
    return new FieldChange("not-after", FieldChanges.time(before), FieldChanges.time(after));
  }
}
