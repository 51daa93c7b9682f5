package io.dvault.agent;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The system clock, set forward or back by a test. */
final class TestClock extends Clock {
  private volatile Duration offset = Duration.ZERO;

  void shift(Duration by) {
    offset = offset.plus(by);
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(offset);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  private InstantSource asSource() {
    return this::instant;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return asSource().withZone(zone);
  }
}
