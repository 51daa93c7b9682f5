package io.dvault.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("T21")
@Tag("I9")
class DeviceTimeTest {
  private static final Instant FLOOR = Instant.parse("2026-11-22T12:00:00Z");
  private static final Instant APPROVED = FLOOR.plus(Duration.ofDays(30));
  private Instant system = FLOOR.plusSeconds(100);
  private long nanos;
  private final InstantSource source = () -> system;
  private final DeviceTime time = new DeviceTime(source.withZone(ZoneOffset.UTC), () -> nanos);

  @Test
  void now_goodClock_isTheClock() {
    assertEquals(system, time.now(FLOOR));
  }

  @Test
  void now_clockBehindTheFloor_isTheFloor() {
    system = FLOOR.minusSeconds(3600);
    assertEquals(FLOOR, time.now(FLOOR));
  }

  @Test
  void now_clockAt1970_movesOnWithTheProcess() {
    system = Instant.EPOCH;
    assertEquals(FLOOR, time.now(FLOOR));
    nanos += Duration.ofSeconds(50).toNanos();
    assertEquals(
        FLOOR.plusSeconds(50), time.now(FLOOR), "access ends on a device without a clock too");
  }

  @Test
  void now_clockSetBackWhileRunning_goesOn() {
    time.now(FLOOR);
    system = FLOOR.plusSeconds(10);
    nanos += Duration.ofSeconds(5).toNanos();
    assertEquals(FLOOR.plusSeconds(105), time.now(FLOOR));
  }

  @Test
  void now_clockYearsAhead_saysNothing() {
    system = FLOOR.plus(Duration.ofDays(3 * 366));
    assertEquals(FLOOR, time.now(FLOOR));
  }

  @Test
  @Tag("T22")
  void now_monthsAway_isBelieved() {
    system = FLOOR.plus(Duration.ofDays(200));
    assertEquals(system, time.now(FLOOR));
  }

  @Test
  void observe_blockWellAhead_counts() {
    system = FLOOR.minusSeconds(86_400);
    time.observe(FLOOR.plusSeconds(7200), APPROVED, FLOOR);
    assertEquals(FLOOR.plusSeconds(7200), time.now(FLOOR));
  }

  @Test
  void observe_blockSlightlyAhead_isTheChainsOwnSkew() {
    time.observe(system.plusSeconds(30), APPROVED, FLOOR);
    assertEquals(system, time.now(FLOOR));
  }

  @Test
  @Tag("T1")
  void observe_blockPastTheApprovedHead_isNotBelieved() {
    time.observe(APPROVED.plusSeconds(1), APPROVED, FLOOR);
    assertEquals(system, time.now(FLOOR));
  }
}
