package io.dvault.plan;

import io.dvault.model.EntryAddress;
import java.util.Optional;
import java.util.Set;

/**
 * What the user asked for beyond the configuration.
 *
 * @param replace entries to rotate though nothing calls for it
 * @param revoke entries to take away as compromised; a later plan issues new ones where they are declared
 * @param only when given, nothing but these changes, and what carries their public parts
 * @param renewHead whether the head is renewed though it is fresh for long
 */
public record PlanOptions(
    Set<EntryAddress> replace, Set<EntryAddress> revoke, Optional<Set<EntryAddress>> only, boolean renewHead) {
  public static final PlanOptions NONE = new PlanOptions(Set.of(), Set.of(), Optional.empty(), false);

  public PlanOptions {
    replace = Set.copyOf(replace);
    revoke = Set.copyOf(revoke);
    only = only.map(Set::copyOf);
  }

  /** Takes these away, and does nothing else. */
  public static PlanOptions revoking(Set<EntryAddress> addresses) {
    return new PlanOptions(Set.of(), addresses, Optional.of(addresses), false);
  }

  boolean allows(EntryAddress address) {
    return only.isEmpty() || only.get().contains(address);
  }
}
