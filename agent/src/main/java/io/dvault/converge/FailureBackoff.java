package io.dvault.converge;

import io.dvault.install.Problem;
import io.dvault.model.Bytes32;
import io.dvault.model.EntryId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Entries that could not be installed, so that a poll a second does not fetch the same refused
 * bundle, or reload the same
 * failing service, each time. A new root or generation starts afresh. In memory: a restart tries again. Thread-safe.
 */
final class FailureBackoff {
  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final int MOST_DOUBLINGS = 7; // about an hour

  private record Failure(long generation, Bytes32 root, Problem problem, int times, long retryAt) {}

  private final LongSupplier nanos;
  private final Map<EntryId, Failure> all = new HashMap<>();

  FailureBackoff(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** @param passing may be tried again at once */
  synchronized void add(
      EntryId entry, long generation, Bytes32 root, Problem problem, boolean passing) {
    int before = Optional.ofNullable(all.get(entry))
        .filter(each -> each.generation == generation)
        .map(each -> each.times)
        .orElse(0);
    Duration wait =
        passing ? Duration.ZERO : FIRST.multipliedBy(1L << Math.min(before, MOST_DOUBLINGS));
    all.put(
        entry,
        new Failure(generation, root, problem, before + 1, nanos.getAsLong() + wait.toNanos()));
  }

  synchronized boolean isResting(EntryId entry, long generation, Bytes32 root) {
    Failure failure = all.get(entry);
    return failure != null
        && failure.generation == generation
        && failure.root.equals(root)
        && nanos.getAsLong() - failure.retryAt < 0;
  }

  synchronized void succeeded(EntryId entry) {
    all.remove(entry);
  }

  /** Forgets entries that are not wanted any more. */
  synchronized void retain(Set<EntryId> wanted) {
    all.keySet().retainAll(wanted);
  }

  synchronized List<Problem> problems() {
    Collection<Failure> failures = all.values();
    return failures.stream().map(Failure::problem).toList();
  }
}
