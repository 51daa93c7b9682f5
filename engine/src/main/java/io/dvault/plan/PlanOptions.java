package io.dvault.plan;

import io.dvault.model.EntryAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the user asked for beyond the configuration.
 *
 * @param replace entries to rotate though nothing calls for it
 * @param revoke entries to take away; a later plan issues new ones where they are declared
 * @param compromised whether they are revoked as compromised: then their public keys do not come back either
 * @param only when given, nothing but these changes, and what carries their public parts
 * @param targets the same by patterns, as they stand on the command line
 * @param renewHead whether the head is renewed though it is fresh for long
 */
public record PlanOptions(
    Set<EntryAddress> replace,
    Set<EntryAddress> revoke,
    boolean compromised,
    Optional<Set<EntryAddress>> only,
    Targets targets,
    boolean renewHead) {
  public static final PlanOptions NONE = of(Targets.NONE, false);

  public PlanOptions {
    replace = Set.copyOf(replace);
    revoke = Set.copyOf(revoke);
    only = only.map(Set::copyOf);
  }

  /** What the command line of plan and apply says. */
  public static PlanOptions of(Targets targets, boolean renewHead) {
    return new PlanOptions(Set.of(), Set.of(), false, Optional.empty(), targets, renewHead);
  }

  /** Takes these away, and does nothing else. */
  public static PlanOptions revoking(Set<EntryAddress> addresses, boolean compromised) {
    return new PlanOptions(
        Set.of(), addresses, compromised, Optional.of(addresses), Targets.NONE, false);
  }

  /** Issues these, and does nothing else. */
  public static PlanOptions issuing(Set<EntryAddress> addresses) {
    return new PlanOptions(Set.of(), Set.of(), false, Optional.of(addresses), Targets.NONE, false);
  }

  /** Rotates these too. */
  public PlanOptions replacing(Set<EntryAddress> addresses) {
    return new PlanOptions(addresses, revoke, compromised, only, targets, renewHead);
  }

  /** Why what {@link #revoke} names goes. */
  Reason revoked() {
    return compromised
        ? new Reason(Reason.Code.COMPROMISED, "revoked as compromised")
        : new Reason(Reason.Code.REVOKED, "revoked as asked");
  }

  /** The same for no other entries than {@code chosen}; the head is left to whoever does the rest. */
  public PlanOptions within(Set<EntryAddress> chosen) {
    return new PlanOptions(
        common(replace, chosen),
        common(revoke, chosen),
        compromised,
        Optional.of(only.map(each -> common(each, chosen)).orElse(chosen)),
        targets,
        false);
  }

  /**
   * What is left after {@code done} was done: no entry is replaced twice.
   *
   * @param planned all that the plan of these options changes
   */
  public PlanOptions without(Set<EntryAddress> done, Set<EntryAddress> planned) {
    Set<EntryAddress> left = new HashSet<>(planned);
    left.removeIf(address -> done.contains(address) || !replaces(address));
    Targets rest = new Targets(targets.target(), targets.exclude(), List.of());
    return new PlanOptions(left, revoke, compromised, only, rest, false);
  }

  private static Set<EntryAddress> common(Set<EntryAddress> all, Set<EntryAddress> chosen) {
    Set<EntryAddress> common = new HashSet<>(all);
    common.retainAll(chosen);
    return common;
  }

  boolean allows(EntryAddress address) {
    return (only.isEmpty() || only.get().contains(address)) && targets.allows(address);
  }

  /** Whether what nobody here can name may be taken away: only by a plan that names no entries itself. */
  boolean allowsNameless() {
    return only.isEmpty() && targets.target().isEmpty();
  }

  boolean replaces(EntryAddress address) {
    return replace.contains(address) || targets.replaces(address);
  }

  /** Whether changes that the repository calls for may be left out. */
  public boolean isPartial() {
    return only.isPresent() || targets.isPartial();
  }
}
