package io.dvault.install;

import io.dvault.model.EntryId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one generation of installed files consists of.
 *
 * @param number grows by one at each activation, from 1
 * @param ended keys whose access ended lately: their live sessions are looked for until {@link #FORGET} later
 */
public record Manifest(
    long number, SortedMap<EntryId, InstalledEntry> entries, List<EndedKey> ended) {
  /** Seconds for which an ended key is remembered: longer than any login takes. */
  static final long FORGET = 600;

  public Manifest {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    ended = List.copyOf(ended);
  }

  public static Manifest empty(long number) {
    return new Manifest(number, new TreeMap<>(), List.of());
  }

  /** @param key type and base64, as in a .pub file */
  public record EndedKey(String account, String key, Instant at) {
    boolean isRecent(Instant now) {
      return at.plusSeconds(FORGET).isAfter(now);
    }
  }

  /** The next generation; keys of this one that it lacks have ended {@code now}. */
  public Manifest next(Map<EntryId, InstalledEntry> held, Instant now) {
    Manifest next = new Manifest(number + 1, new TreeMap<>(held), List.of());
    List<EndedKey> all = new ArrayList<>();
    for (EndedKey each : ended) {
      if (each.isRecent(now) && !next.holds(each.account(), each.key())) {
        all.add(each);
      }
    }
    for (InstalledEntry each : entries.values()) {
      each.keys().stream()
          .filter(key -> !next.holds(key.account(), key.key()))
          .forEach(key -> all.add(new EndedKey(key.account(), key.key(), now)));
    }
    return new Manifest(next.number, next.entries, all);
  }

  private boolean holds(String account, String key) {
    return entries.values().stream()
        .flatMap(each -> each.keys().stream())
        .anyMatch(each -> each.account().equals(account) && each.key().equals(key));
  }
}
