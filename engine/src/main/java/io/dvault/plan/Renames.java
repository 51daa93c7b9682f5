package io.dvault.plan;

import io.dvault.model.EntryAddress;
import io.dvault.plan.Change.Issue;
import io.dvault.plan.Change.Keep;
import io.dvault.plan.Change.Revoke;
import io.dvault.registry.PublicFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names that change while the material stays, and those that look as if they were meant to. */
final class Renames {
  private Renames() {}

  /** Entries that stay under another name than they were issued by. */
  static List<Moved> moved(List<Keep> keeps, Holdings holdings) {
    List<Moved> moved = new ArrayList<>();
    for (Keep keep : keeps) {
      if (!keep.desired().former().isEmpty()) {
        EntryAddress now = keep.desired().address();
        EntryAddress first = keep.desired().former().getLast().address();
        EntryAddress issuedAs = holdings
            .findNewest(keep.entry())
            .flatMap(holdings::facts)
            .flatMap(PublicFacts::address)
            .orElse(first);
        if (!issuedAs.equals(now)) {
          moved.add(new Moved(issuedAs, now));
        }
      }
    }
    return moved;
  }

  /** A secret that goes while one of the same spec comes on the same device, {@code Kind/name} by {@code Kind/name}. */
  static Map<String, String> lookalikes(List<Change> changes, Holdings holdings) {
    Map<String, List<Issue>> coming = new HashMap<>();
    Map<String, String> pairs = new LinkedHashMap<>();
    for (Change change : changes) {
      if (change instanceof Issue issue && issue.generation() == 1) {
        coming
            .computeIfAbsent(place(issue.desired().address()), any -> new ArrayList<>(1))
            .add(issue);
      }
    }
    for (Change change : changes) {
      if (change instanceof Revoke revoke
          && revoke.address().isPresent()
          && !revoke.housekeeping()) {
        EntryAddress old = revoke.address().get();
        if (!pairs.containsKey(old.secret())) {
          twin(revoke, coming.getOrDefault(place(old), List.of()), holdings)
              .ifPresent(
                  issue -> pairs.put(old.secret(), issue.desired().address().secret()));
        }
      }
    }
    return pairs;
  }

  private static String place(EntryAddress address) {
    return address.kind() + "@" + address.device();
  }

  private static Optional<Issue> twin(Revoke revoke, List<Issue> coming, Holdings holdings) {
    if (coming.isEmpty()) {
      return Optional.empty();
    }
    return holdings
        .facts(revoke.entry(), revoke.old())
        .flatMap(facts -> coming.stream()
            .filter(issue ->
                facts.address().filter(issue.desired().address()::equals).isPresent()
                    || facts
                        .spec()
                        .map(CanonicalSpec::ofEncoded)
                        .filter(issue.canonical()::sameAs)
                        .isPresent())
            .findFirst());
  }
}
