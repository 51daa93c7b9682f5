package io.dvault.gateway;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What is remembered of one gateway: counters and the last fault; never grows. */
final class GatewayRecord {
  private static final Duration FIRST_REST = Duration.ofSeconds(2);
  private static final int MAX_DOUBLINGS = 7; // 2 s to 256 s
  private long served;
  private long absent;
  private long faults;
  private int faultsInRow;
  private Optional<Instant> lastServed = Optional.empty();
  private Optional<String> lastFault = Optional.empty();
  private Optional<Instant> lastFaultAt = Optional.empty();
  private Optional<Instant> restingUntil = Optional.empty();

  synchronized void served(Instant now) {
    served++;
    faultsInRow = 0;
    lastServed = Optional.of(now);
    restingUntil = Optional.empty();
  }

  /** Not having a block is no fault: a gateway may be a little behind. */
  synchronized void absent() {
    absent++;
  }

  synchronized void fault(Instant now, String line) {
    faults++;
    lastFault = Optional.of(line);
    lastFaultAt = Optional.of(now);
    restingUntil = Optional.of(
        now.plus(FIRST_REST.multipliedBy(1L << Math.min(faultsInRow++, MAX_DOUBLINGS))));
  }

  synchronized boolean isResting(Instant now) {
    return restingUntil.isPresent() && restingUntil.get().isAfter(now);
  }

  synchronized GatewayHealth health(URI gateway) {
    return new GatewayHealth(
        gateway, served, absent, faults, lastServed, lastFault, lastFaultAt, restingUntil);
  }
}
