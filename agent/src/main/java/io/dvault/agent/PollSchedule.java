package io.dvault.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When the next look is due: at the poll, or sooner because an event said so. Events cost bounded work however many
 * come: looks for their sake keep a gap, which doubles with each that shows nothing new, up to the poll interval. Pure;
 * times are nanoseconds of one monotonic clock.
 */
final class PollSchedule {
  /** Between two looks for the sake of events, as long as these tell the truth. */
  static final Duration SHORTEST_GAP = Duration.ofSeconds(1);
  /** Who pushes an event may be ahead of who answers with the head: so often we look again. */
  private static final int REPEATS = 2;
  /** A whole fleet hears of the same commit: it does not ask all at once. */
  private static final Duration SPREAD = Duration.ofSeconds(1);

  private final RandomGenerator random;
  private long lookedAt;
  private double jitter; // a tenth of the poll, more or less
  private long gap = SHORTEST_GAP.toNanos();
  private boolean woken;
  private long wakeAt;
  private boolean forEvent;
  private int repeats;

  PollSchedule(RandomGenerator random, long now) {
    this.random = random;
    this.lookedAt = now;
    this.jitter = jitter();
  }

  private double jitter() {
    return random.nextDouble(-0.1, 0.1);
  }

  void heard(long now) {
    repeats = REPEATS;
    wake(now + random.nextLong(SPREAD.toNanos()));
  }

  private void wake(long at) {
    if (!woken) {
      woken = true;
      wakeAt = at;
    }
  }

  /** A look begins; what is heard from here on needs another one. */
  void begins() {
    forEvent = woken;
    woken = false;
  }

  /** @param news whether it showed another state than before */
  void ended(long now, boolean news, Duration poll) {
    lookedAt = now;
    jitter = jitter();
    if (news || !forEvent) {
      gap = SHORTEST_GAP.toNanos();
      repeats = news ? 0 : repeats;
    } else {
      gap = Math.min(2 * gap, Math.max(gap, poll.toNanos()));
      if (repeats > 0) {
        repeats--;
        wake(now + gap);
      }
    }
  }

  /** When the next look is due, as things stand. */
  long due(Duration poll) {
    long polled = lookedAt + poll.toNanos() + (long) (poll.toNanos() * jitter);
    return woken ? Math.min(polled, Math.max(wakeAt, lookedAt + gap)) : polled;
  }
}
