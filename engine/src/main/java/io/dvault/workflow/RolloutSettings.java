package io.dvault.workflow;

import io.dvault.plan.FailureLimit;
import io.dvault.plan.Waves;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a plan is rolled out (docs/requirements.md S6).
 *
 * @param canaries devices of the first wave: names or {@code label=value}
 * @param patience how long devices may take to report one commit; empty: they are not waited for
 * @param receipts folder where receipts arrive
 */
public record RolloutSettings(
    Waves waves,
    List<String> canaries,
    FailureLimit limit,
    Optional<Duration> patience,
    String receipts) {
  public static final RolloutSettings NONE =
      new RolloutSettings(Waves.ONE, List.of(), FailureLimit.NONE, Optional.empty(), "");

  public boolean inWaves() {
    return waves.sizes().size() > 1;
  }
}
