package io.dvault.agent;

import io.dvault.converge.Cycle.Report;
import io.dvault.model.DiagnosticException;
import io.dvault.trust.TrustState;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Looks again and again: when an event of the vault says that there may be news, and at the poll in any case. What has
 * ended is taken away by a thread of its own, which needs no network and so is never held up by it:
 * docs/requirements.md I8, O6.
 */
final class Daemon {
  private static final Duration LONGEST_NAP =
      Duration.ofSeconds(2); // clocks are set while we sleep
  private static final Duration SHORTEST_NAP = Duration.ofMillis(50);

  private final Agent agent;
  private final Clock clock;
  private final RandomGenerator random;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final PollSchedule looks;
  private Optional<Report> last = Optional.empty();
  private boolean well;

  Daemon(Agent agent, Clock clock, RandomGenerator random) {
    this.agent = agent;
    this.clock = clock;
    this.random = random;
    this.looks = new PollSchedule(random, System.nanoTime());
  }

  /** Ends {@link #run} after the step that is under way. */
  void stop() {
    stop.countDown();
    wake();
  }

  void run() throws InterruptedException {
    Thread timer = new Thread(this::takeAway, "expiry");
    timer.setDaemon(true);
    timer.start();
    try (EventWatch events =
        new EventWatch(agent.events(), random, agent.log(), this::heard, this::wake)) {
      do {
        look(events);
      } while (awaitNext(events));
    }
    timer.join(Duration.ofSeconds(5).toMillis());
    if (last.isPresent()) {
      guarded("stop", () -> agent.publisher().publish(last.get(), Optional.empty()));
    }
    agent.log().info("stopped");
  }

  private void look(EventWatch events) {
    guarded("look", () -> {
      Optional<TrustState> before = last.map(Report::state);
      well = false;
      boolean news = false;
      try {
        Report report = agent.cycle().run();
        last = Optional.of(report);
        well = report.problems().isEmpty();
        news = before.filter(report.state()::differsOnlyInTime).isEmpty();
      } finally {
        ended(news);
      }
      agent.publisher().publish(last.get(), Optional.of(nextLook(events)));
    });
  }

  private void ended(boolean news) {
    synchronized (looks) {
      looks.ended(System.nanoTime(), news, agent.config().poll());
    }
  }

  private void heard() {
    synchronized (looks) {
      looks.heard(System.nanoTime());
      looks.notifyAll();
    }
  }

  private void wake() {
    synchronized (looks) {
      looks.notifyAll();
    }
  }

  private Instant nextLook(EventWatch events) {
    synchronized (looks) {
      return clock.instant().plusNanos(Math.max(0, looks.due(poll(events)) - System.nanoTime()));
    }
  }

  /** What is wrong may get better at any time, and no event tells of it. */
  private Duration poll(EventWatch events) {
    return well && events.isListening()
        ? agent.config().eventsPoll()
        : agent.config().poll();
  }

  /** False when told to stop. An interval that shrinks meanwhile, for the events stopped coming, counts at once. */
  private boolean awaitNext(EventWatch events) throws InterruptedException {
    synchronized (looks) {
      while (stop.getCount() > 0) {
        long left = looks.due(poll(events)) - System.nanoTime();
        if (left <= 0) {
          looks.begins();
          return true;
        }
        TimeUnit.NANOSECONDS.timedWait(looks, left);
      }
      return false;
    }
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
}
