package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/requirements.md O6: an event changes when a look is made, and costs bounded work. */
@Tag("O6")
class PollScheduleTest {
  private static final Duration POLL = Duration.ofMinutes(1);
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final PollSchedule looks = new PollSchedule(new Random(1), 0);

  private long dueSecond() {
    return looks.due(POLL) / SECOND;
  }

  @Test
  void due_noEvent_isThePollAndATenth() {
    looks.begins();
    looks.ended(0, true, POLL);
    assertTrue(dueSecond() >= 54 && dueSecond() <= 66, "" + dueSecond());
  }

  @Test
  void due_event_isWithinTwoSeconds() {
    looks.begins();
    looks.ended(0, true, POLL);
    looks.heard(10 * SECOND);
    assertTrue(dueSecond() >= 10 && dueSecond() < 12, "" + dueSecond());
  }

  @Test
  void due_eventWhileLooking_needsAnotherLook() {
    looks.begins();
    looks.heard(0);
    looks.ended(SECOND / 2, true, POLL);
    assertTrue(dueSecond() <= 2, "" + dueSecond());
  }

  @Test
  void due_eventBeforeTheHeadShowsIt_looksTwiceMore() {
    looks.begins();
    looks.ended(0, true, POLL);
    looks.heard(0);
    int sooner = 0;
    for (long now = looks.due(POLL); now < 50 * SECOND; now = looks.due(POLL)) {
      looks.begins();
      looks.ended(now, false, POLL);
      sooner++;
    }
    assertEquals(3, sooner);
  }

  @Test
  void due_floodThatShowsNothing_endsAtAFewLooksAPoll() {
    int count = 0;
    long end = 60 * 60 * SECOND;
    for (long now = 0; now < end; now += SECOND / 20) {
      looks.heard(now);
      if (looks.due(POLL) <= now) {
        looks.begins();
        looks.ended(now, false, POLL);
        count++;
      }
    }
    assertTrue(count < 2 * 60 + 10, count + " looks in an hour of polls each minute");
  }

  @Test
  void due_floodAmongRealCommits_isOneLookASecondAtMost() {
    int count = 0;
    for (long now = 0; now < 100 * SECOND; now += SECOND / 100) {
      looks.heard(now);
      if (looks.due(POLL) <= now) {
        looks.begins();
        looks.ended(now, true, POLL);
        count++;
      }
    }
    assertTrue(count <= 101, "" + count);
  }

  @Test
  void due_intervalShrinks_countsAtOnce() {
    looks.begins();
    looks.ended(0, true, Duration.ofHours(1));
    assertTrue(looks.due(Duration.ofHours(1)) > 50 * 60 * SECOND);
    assertTrue(looks.due(POLL) <= 66 * SECOND);
  }
}
