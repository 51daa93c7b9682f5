package io.dvault.agent;

import io.dvault.converge.Cycle.Report;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Looks again and again. What has ended is taken away by a thread of its own, which needs no network and so is never held
 * up by it: FEATURES I8.
 */
final class Daemon {
  private static final Duration LONGEST_NAP = Duration.ofSeconds(2); // clocks are set while we sleep
  private static final Duration SHORTEST_NAP = Duration.ofMillis(50);

  private final Agent agent;
  private final Clock clock;
  private final RandomGenerator random;
  private final CountDownLatch stop = new CountDownLatch(1);
  private Instant nextLook = Instant.EPOCH;
  private Optional<Report> last = Optional.empty();

  Daemon(Agent agent, Clock clock, RandomGenerator random) {
    this.agent = agent;
    this.clock = clock;
    this.random = random;
  }

  /** Ends {@link #run} after the step that is under way. */
  void stop() {
    stop.countDown();
  }

  void run() throws InterruptedException {
    Thread timer = new Thread(this::takeAway, "expiry");
    timer.setDaemon(true);
    timer.start();
    Duration pause;
    do {
      pause = jittered(agent.config().poll());
      nextLook = clock.instant().plus(pause);
      guarded("look", () -> {
        Report report = agent.cycle().run();
        last = Optional.of(report);
        agent.publisher().publish(report, Optional.of(nextLook));
      });
    } while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS));
    timer.join(Duration.ofSeconds(5).toMillis());
    if (last.isPresent()) {
      guarded("stop", () -> agent.publisher().publish(last.get(), Optional.empty()));
    }
    agent.log().info("stopped");
  }

  private void takeAway() {
    try {
      Optional<Instant> end = agent.cycle().nextEnd();
      while (!stop.await(nap(end).toMillis(), TimeUnit.MILLISECONDS)) {
        if (end.isPresent() && agent.cycle().nextEnd().filter(end.get()::equals).isEmpty()) {
          guarded("expire", () -> {
            Report report = agent.cycle().expire();
            agent.log().info("expire", "held", report.held().size());
          });
        }
        end = agent.cycle().nextEnd();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration nap(Optional<Instant> end) {
    Duration left = end.map(at -> Duration.between(clock.instant(), at)).orElse(LONGEST_NAP);
    Duration bounded = left.compareTo(LONGEST_NAP) > 0 ? LONGEST_NAP : left;
    return bounded.compareTo(SHORTEST_NAP) < 0 ? SHORTEST_NAP : bounded;
  }

  private interface Work {
    void run() throws IOException;
  }

  /** A daemon outlives a full disk and its own bugs: it says so, and tries again at the next look. */
  private void guarded(String what, Work work) {
    try {
      work.run();
      agent.log().settled("DV504", what);
      agent.log().settled("DV599", what);
    } catch (IOException e) {
      agent.log().alarm("DV504", what, e.toString());
    } catch (DiagnosticException e) {
      agent.log().alarm(e.diagnostics().getFirst().code(), what, e.getMessage());
    } catch (RuntimeException e) {
      agent.log().alarm("DV599", what, e + " at " + e.getStackTrace()[0]);
    }
  }

  /** A tenth more or less, so that a fleet does not ask all at once. */
  private Duration jittered(Duration poll) {
    long tenth = Math.max(1, poll.toMillis() / 10);
    return poll.plusMillis(random.nextLong(-tenth, tenth + 1));
  }
}
