package io.dvault.plan;

import io.dvault.plan.Change.Keep;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.EntryTemplate.Renewal;
import java.time.Instant;
import java.util.stream.Stream;

/** For how long a plan that changes nothing is the plan, if neither the repository nor the vault changes. */
public final class Steadiness {
  private Steadiness() {}

  /**
   * The first instant at which a rule that looks at the time may have something to say: an entry is due for renewal or at
   * its end, or the head is ({@link Rules}, {@link HeadRenewal}). Only for a plan without any change, and no options.
   */
  public static Instant until(PlanInput input, Plan plan) {
    if (!plan.isEmpty() || !plan.changes().isEmpty()) {
      throw new IllegalArgumentException("the plan changes something");
    }
    Stream<Instant> head = HeadRenewal.dueAt(input).stream();
    Stream<Instant> entries = plan.keeps().stream().filter(keep -> !keep.ended()).map(Steadiness::due);
    return Stream.concat(head, entries).min(Instant::compareTo).orElse(Instant.MAX);
  }

  private static Instant due(Keep keep) {
    EntryTemplate template = keep.desired().template();
    Instant end = keep.record().validity().notAfter();
    return template.renewal() == Renewal.ONCE ? end : end.minus(template.renewBefore());
  }
}
