package io.dvault.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Waits for something to be seen, a bounded time. */
final class Waiting {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private Waiting() {}

  /** A look at the world; empty while there is nothing to see yet. */
  interface Look<T> {
    Optional<T> look() throws IOException;
  }

  /** Returns what {@code look} found, or throws {@link DemoFailure} naming {@code what} when {@code limit} is over. */
  static <T> T until(String what, Duration limit, Look<T> look) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> found = look.look();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() > deadline) {
        throw new DemoFailure("after " + limit.toSeconds() + " s there was still no " + what);
      }
      pause();
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
