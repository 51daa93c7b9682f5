package io.dvault.spi;

import io.dvault.model.Durations;
import io.dvault.yaml.Fields;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * {@code ttl} and {@code renewBefore} as every renewed kind reads them. docs/requirements.md A6.
 */
public record Lifetime(Duration ttl, Duration renewBefore) {

  /** Reads both; {@code renewBefore} is a third of the ttl unless given. */
  public static Lifetime read(Fields spec, Fleet fleet) {
    Duration ttl = readTtl(spec, fleet);
    Duration renewBefore =
        spec.findDuration("renewBefore").orElse(ttl.dividedBy(3).truncatedTo(ChronoUnit.SECONDS));
    if (!ttl.isZero() && renewBefore.compareTo(ttl) >= 0) {
      spec.error(
          "renewBefore",
          "DV105",
          "renewBefore is too long",
          "renewBefore (" + Durations.exact(renewBefore) + ") must be shorter than ttl ("
              + Durations.exact(ttl) + "); a third of it is usual.");
    }
    return new Lifetime(ttl, renewBefore);
  }

  /** Reads {@code ttl} alone and holds it against the agents' poll interval. */
  public static Duration readTtl(Fields spec, Fleet fleet) {
    Duration ttl = spec.requireDuration("ttl");
    Duration shortest = fleet.pollInterval().multipliedBy(2);
    if (!ttl.isZero() && ttl.compareTo(shortest) < 0) {
      spec.error(
          "ttl",
          "DV104",
          "ttl too short",
          "Devices look every " + Durations.exact(fleet.pollInterval())
              + ", so it could end before it arrives. Use at least " + Durations.exact(shortest)
              + ".");
    }
    return ttl;
  }
}
