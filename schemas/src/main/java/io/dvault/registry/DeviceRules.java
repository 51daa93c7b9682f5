package io.dvault.registry;

import io.dvault.model.Durations;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The part of the trust policies that devices enforce themselves, whatever the approvers signed. What is empty does not
 * bound anything.
 *
 * @param longestTtl per entry kind, the longest life that a device accepts; whole seconds, at least one
 * @param kinds the only entry kinds that a device accepts
 * @param keyTypes the only types of keys that a device accepts, as OpenSSH names them ({@code ssh-ed25519})
 * @param paths the only folders that an installed file may lie in, absolute, in ascending order
 */
public record DeviceRules(
    SortedMap<String, Duration> longestTtl,
    Optional<SortedSet<String>> kinds,
    Optional<SortedSet<String>> keyTypes,
    Optional<List<String>> paths) {
  public static final DeviceRules NONE =
      new DeviceRules(new TreeMap<>(), Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * A validity starts so much before the commit (docs/threat-model.md T21), which does not count as
   * life.
   */
  public static final Duration BACKDATED = Duration.ofSeconds(60);

  public DeviceRules {
    longestTtl = Collections.unmodifiableSortedMap(new TreeMap<>(longestTtl));
    kinds = kinds.map(set -> Collections.unmodifiableSortedSet(new TreeSet<>(set)));
    keyTypes = keyTypes.map(set -> Collections.unmodifiableSortedSet(new TreeSet<>(set)));
    paths = paths.map(list -> list.stream().sorted().distinct().toList());
    for (Duration ttl : longestTtl.values()) {
      if (ttl.getNano() != 0 || ttl.toSeconds() < 1) {
        throw new IllegalArgumentException("a longest life is a whole number of seconds: " + ttl);
      }
    }
  }

  public boolean takesKind(String kind) {
    return kinds.isEmpty() || kinds.get().contains(kind);
  }

  /** @param life as declared, from the commit on */
  public boolean takesLife(String kind, Duration life) {
    Duration longest = longestTtl.get(kind);
    return longest == null || life.compareTo(longest) <= 0;
  }

  public boolean takesKeyType(String type) {
    return keyTypes.isEmpty() || keyTypes.get().contains(type);
  }

  /** Whether a file may lie at {@code path}: strictly below one of the folders. */
  public boolean takesFile(String path) {
    return paths.isEmpty()
        || paths.get().stream().anyMatch(folder -> path.startsWith(folder + "/"));
  }

  /** Whether files may lie right in {@code folder}. */
  public boolean takesFolder(String folder) {
    return takesFile(folder + "/x");
  }

  /** What both allow. */
  public DeviceRules and(DeviceRules other) {
    SortedMap<String, Duration> shortest = new TreeMap<>(longestTtl);
    other.longestTtl.forEach(
        (kind, ttl) -> shortest.merge(kind, ttl, (a, b) -> a.compareTo(b) <= 0 ? a : b));
    return new DeviceRules(
        shortest,
        both(kinds, other.kinds),
        both(keyTypes, other.keyTypes),
        folders(paths, other.paths));
  }

  private static Optional<SortedSet<String>> both(
      Optional<SortedSet<String>> one, Optional<SortedSet<String>> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    SortedSet<String> both = new TreeSet<>(one.get());
    both.retainAll(other.get());
    return Optional.of(both);
  }

  /** The deeper of two folders where one lies in the other. */
  private static Optional<List<String>> folders(
      Optional<List<String>> one, Optional<List<String>> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return Optional.of(one.get().stream()
        .flatMap(a -> other.get().stream()
            .flatMap(b -> (a + "/").startsWith(b + "/")
                ? Stream.of(a)
                : (b + "/").startsWith(a + "/") ? Stream.of(b) : Stream.empty()))
        .toList());
  }

  /** Whether nothing at all could be installed. */
  public boolean takesNothing() {
    return kinds.filter(Set::isEmpty).isPresent()
        || keyTypes.filter(Set::isEmpty).isPresent()
        || paths.filter(List::isEmpty).isPresent();
  }

  /** What it bounds, by the names of the YAML: {@code longestTtl.Grant} to {@code 15m}. */
  public SortedMap<String, String> lines() {
    SortedMap<String, String> lines = new TreeMap<>();
    longestTtl.forEach((kind, ttl) -> lines.put("longestTtl." + kind, Durations.exact(ttl)));
    kinds.ifPresent(set -> lines.put("kinds", String.join(", ", set)));
    keyTypes.ifPresent(set -> lines.put("keyTypes", String.join(", ", set)));
    paths.ifPresent(list -> lines.put("paths", String.join(", ", list)));
    return Collections.unmodifiableSortedMap(lines);
  }
}
