package io.dvault.workflow;

import io.dvault.apply.ApplyCheckpoint.Step;
import io.dvault.apply.ApplyStopped;
import java.util.function.Consumer;

/**
 * What Ctrl-C does, by where a command is (docs/requirements.md S3). The first one lets it come to
 * the next safe point, says so, and says in which state things were left; the second one leaves at
 * once.
 */
public final class Interruption implements AutoCloseable {
  /** How far a command is, as far as leaving is concerned. */
  private enum Phase {
    /** Nothing is under way: it may leave at once. */
    IDLE,
    /** Something is under way that can be given up between two steps. */
    WORKING,
    /** A commit is done and known to be everywhere, and another one is being prepared. */
    BETWEEN,
    /** A transaction was sent, or is about to be. */
    IN_FLIGHT,
    /** The commit is done, and devices are waited for. */
    WAITING
  }

  /** The exit code of a command that left at once: 128 and the number of SIGINT. */
  public static final int EXIT_CODE = 130;

  private final Consumer<String> say;
  private final Interrupts.Registration registration;
  private Phase phase = Phase.IDLE;
  private boolean requested;
  private boolean committed;
  private Runnable onLeave = () -> {};

  /** @param say gets what the user is to read */
  Interruption(Consumer<String> say, Interrupts interrupts) {
    this.say = say;
    this.registration = interrupts.on(this::signalled);
  }

  /** Done before the process leaves with nothing changed, while it would be waiting for an answer. */
  public synchronized void onLeave(Runnable undo) {
    onLeave = undo;
  }

  /** Told before each step; throws {@link ApplyStopped} when somebody asked to stop and nothing was sent yet. */
  synchronized void before(Step step) {
    boolean sent = step == Step.CLEAN_UP;
    if (!sent) {
      check();
    }
    phase = step == Step.SEND || sent ? Phase.IN_FLIGHT : Phase.WORKING;
  }

  /** A safe point between two steps. */
  synchronized void check() {
    if (requested && phase != Phase.IN_FLIGHT) {
      throw new ApplyStopped();
    }
  }

  /** A transaction is about to be sent. */
  public synchronized void sending() {
    check();
    phase = Phase.IN_FLIGHT;
  }

  /** A commit is done, and another one comes: throws {@link ApplyStopped} when somebody asked to stop meanwhile. */
  synchronized void betweenCommits() {
    phase = Phase.BETWEEN;
    committed = true;
    check();
  }

  /** Devices are waited for from here on. */
  synchronized void waiting() {
    phase = Phase.WAITING;
  }

  synchronized boolean requested() {
    return requested;
  }

  private synchronized void signalled() {
    if (requested) {
      leave(
          switch (phase) {
            case IDLE, WORKING, BETWEEN ->
              committed
                  ? "Stopped immediately. Only the commits reported above were made."
                  : "Stopped immediately. Nothing was committed.";
            case IN_FLIGHT ->
              "Stopped immediately. The commit may still be mined: run the command again to check.";
            case WAITING -> "Stopped immediately. The commit is done.";
          });
    }
    requested = true;
    switch (phase) {
      case IDLE -> {
        onLeave.run();
        leave("Stopped. Nothing was changed.");
      }
      case WORKING, BETWEEN ->
        say.accept("Stopping at the next safe point; nothing " + (committed ? "more " : "")
            + "is committed. Press Ctrl-C again to stop immediately.");
      case IN_FLIGHT ->
        say.accept(
            "The commit is in flight: waiting for its receipt. Press Ctrl-C again to stop immediately.");
      case WAITING -> {} // who waits looks a few times a second, and says what is missing
    }
  }

  private void leave(String words) {
    say.accept(words);
    Runtime.getRuntime().halt(EXIT_CODE);
  }

  @Override
  public void close() {
    registration.close();
  }
}
