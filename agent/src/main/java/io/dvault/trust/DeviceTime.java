package io.dvault.trust;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The time that may be relied on as already reached; docs/threat-model.md T21. It is the latest of:
 * the persisted floor, what was known before plus the time that this process has run since, the
 * chain's finalized block, and the system clock where it is plausible. A clock that is behind the
 * floor, or years ahead of it, says nothing: then only what is known to have passed has passed, and
 * nothing is deleted on a guess.
 */
public final class DeviceTime {
  /** How far ahead of the floor a clock may be: an absence of months is normal, of years is not. */
  static final Duration FARTHEST = Duration.ofDays(2 * 366);

  /** How far a block's time may be ahead of a good clock without meaning that the clock is behind. */
  static final Duration SKEW = Duration.ofSeconds(60);

  private final Clock clock;
  private final LongSupplier nanos;
  private Instant known = Instant.EPOCH;
  private long knownAt;

  public DeviceTime(Clock clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
    this.knownAt = nanos.getAsLong();
  }

  /** The time to act on, in whole seconds; never earlier than any answer before. */
  public synchronized Instant now(Instant floor) {
    Instant system = clock.instant();
    Instant lower = latest(floor, known.plusNanos(nanos.getAsLong() - knownAt));
    return advance(isPlausible(system, lower) ? latest(system, lower) : lower);
  }

  /**
   * Takes a block's time into account.
   *
   * @param approved until when the head is fresh, as approvers signed it: a block time past it
   *     is not believed, since it
   *     comes from an endpoint alone
   */
  public synchronized void observe(Instant block, Instant approved, Instant floor) {
    if (block.isAfter(now(floor).plus(SKEW)) && !block.isAfter(approved)) {
      advance(block);
    }
  }

  /** The system clock, when it is plausible against {@code floor}. */
  public Optional<Instant> findClock(Instant floor) {
    return Optional.of(clock.instant()).filter(system -> isPlausible(system, floor));
  }

  private static boolean isPlausible(Instant system, Instant floor) {
    return !system.isBefore(floor) && system.isBefore(floor.plus(FARTHEST));
  }

  private Instant advance(Instant time) {
    known = time;
    knownAt = nanos.getAsLong();
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  private static Instant latest(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
