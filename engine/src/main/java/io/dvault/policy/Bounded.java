package io.dvault.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs what somebody else wrote, and gives up on it after a time; the thread that may go on keeps no process alive. */
final class Bounded {
  private static final long STACK = 16L << 20;

  private Bounded() {}

  /** Empty when it took longer than {@code limit}. */
  static <T> Optional<T> call(Callable<T> work, Duration limit) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(null, task, "policies", STACK);
    thread.setDaemon(true);
    thread.start();
    try {
      return Optional.of(task.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("evaluating policies was interrupted", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }
}
