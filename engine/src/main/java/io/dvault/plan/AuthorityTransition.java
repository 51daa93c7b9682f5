package io.dvault.plan;

import io.dvault.model.AuthorityId;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.AuthorityStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A step in the life of one generation of an authority.
 *
 * @param name empty when the registry lists it and the repository does not
 * @param from empty when the registry does not list it yet
 */
public record AuthorityTransition(
    AuthorityId id,
    Optional<String> name,
    String type,
    long generation,
    byte[] publicPart,
    Optional<AuthorityStatus> from,
    AuthorityStatus to) {
  public AuthorityTransition {
    publicPart = publicPart.clone();
  }

  /** The authorities after {@code changes}, made at {@code since}. */
  public static SortedMap<AuthorityId, List<AuthorityRecord>> applied(
      Map<AuthorityId, List<AuthorityRecord>> before,
      List<AuthorityTransition> changes,
      Instant since) {
    SortedMap<AuthorityId, List<AuthorityRecord>> next = new TreeMap<>(before);
    for (AuthorityTransition change : changes) {
      List<AuthorityRecord> generations =
          new ArrayList<>(next.getOrDefault(change.id(), List.of()));
      generations.removeIf(record -> record.generation() == change.generation());
      generations.add(new AuthorityRecord(
          change.generation(), change.type(), change.publicPart(), change.to(), since));
      generations.sort(Comparator.comparingLong(AuthorityRecord::generation));
      next.put(change.id(), List.copyOf(generations));
    }
    return next;
  }

  @Override
  public byte[] publicPart() {
    return publicPart.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AuthorityTransition that
        && id.equals(that.id)
        && name.equals(that.name)
        && type.equals(that.type)
        && generation == that.generation
        && Arrays.equals(publicPart, that.publicPart)
        && from.equals(that.from)
        && to == that.to;
  }

  @Override
  public int hashCode() {
    return 31 * id.hashCode() + Long.hashCode(generation);
  }
}
