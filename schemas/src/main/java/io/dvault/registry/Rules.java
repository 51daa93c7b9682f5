package io.dvault.registry;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The part of the trust policies that devices enforce themselves, whatever the approvers signed. What is empty does not
 * bound anything.
 *
 * @param longestTtl per entry kind, the longest life that a device accepts; whole seconds, at least one
 * @param kinds the only entry kinds that a device accepts
 * @param paths the only folders that an install path may lie in, absolute, in ascending order
 */
public record Rules(
    SortedMap<String, Duration> longestTtl, Optional<SortedSet<String>> kinds, Optional<List<String>> paths) {
  public static final Rules NONE = new Rules(new TreeMap<>(), Optional.empty(), Optional.empty());

  public Rules {
    longestTtl = Collections.unmodifiableSortedMap(new TreeMap<>(longestTtl));
    kinds = kinds.map(set -> Collections.unmodifiableSortedSet(new TreeSet<>(set)));
    paths = paths.map(list -> list.stream().sorted().distinct().toList());
    for (Duration ttl : longestTtl.values()) {
      if (ttl.getNano() != 0 || ttl.toSeconds() < 1) {
        throw new IllegalArgumentException("a longest life is a whole number of seconds: " + ttl);
      }
    }
  }
}
