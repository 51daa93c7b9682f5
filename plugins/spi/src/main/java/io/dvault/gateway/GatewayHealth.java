package io.dvault.gateway;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * What one gateway did since this process began, for {@code status}.
 *
 * @param served blocks that it gave and that hashed right
 * @param absent times it said that it does not have a block
 * @param faults everything else: unreachable, wrong bytes, too slow, too long
 * @param restingUntil tried last until then, after a fault
 */
public record GatewayHealth(
    URI gateway,
    long served,
    long absent,
    long faults,
    Optional<Instant> lastServed,
    Optional<String> lastFault,
    Optional<Instant> lastFaultAt,
    Optional<Instant> restingUntil) {

  /** Nothing is held against it at {@code now}. */
  public boolean isGood(Instant now) {
    return restingUntil.isEmpty() || !restingUntil.get().isAfter(now);
  }
}
