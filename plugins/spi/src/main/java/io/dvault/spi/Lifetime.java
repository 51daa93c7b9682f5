package io.dvault.spi;

import io.dvault.yaml.Fields;
import java.time.Duration;

/** {@code ttl} and {@code renewBefore} as every renewed kind reads them. FEATURES A6. */
public record Lifetime(Duration ttl, Duration renewBefore) {

  /** Reads both; {@code renewBefore} is a third of the ttl unless given. */
  public static Lifetime read(Fields spec, Fleet fleet) {
    Duration ttl = readTtl(spec, fleet);
    Duration renewBefore = spec.findDuration("renewBefore").orElse(ttl.dividedBy(3).truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
    if (!ttl.isZero() && renewBefore.compareTo(ttl) >= 0) {
      spec.error("renewBefore", "DV105", "renewal would start before the issue",
          "renewBefore (" + words(renewBefore) + ") must be shorter than ttl (" + words(ttl) + "); a third of it is usual.");
    }
    return new Lifetime(ttl, renewBefore);
  }

  /** Reads {@code ttl} alone and holds it against the agents' poll interval. */
  public static Duration readTtl(Fields spec, Fleet fleet) {
    Duration ttl = spec.requireDuration("ttl");
    Duration shortest = fleet.pollInterval().multipliedBy(2);
    if (!ttl.isZero() && ttl.compareTo(shortest) < 0) {
      spec.error("ttl", "DV104", "ttl too short",
          "Devices look every " + words(fleet.pollInterval()) + ", so it could end before it arrives. Use at least "
              + words(shortest) + ".");
    }
    return ttl;
  }

  private static String words(Duration duration) {
    return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT).replace("h0m0s", "h").replace("m0s", "m");
  }
}
