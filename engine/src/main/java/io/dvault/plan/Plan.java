package io.dvault.plan;

import io.dvault.model.Diagnostic;
import io.dvault.model.EntryAddress;
import io.dvault.plan.Change.Issue;
import io.dvault.plan.Change.Issuing;
import io.dvault.plan.Change.Keep;
import io.dvault.plan.Change.Revoke;
import io.dvault.plan.Change.Rotate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code apply} would do.
 *
 * @param at the one instant that all rules were asked at, whole seconds
 * @param options what it was narrowed to, and what is done beside
 * @param rules what devices enforce by themselves, when that changes
 * @param changes those that do something, by address; unnamed ones last
 * @param head when the head is to be renewed, also if nothing else changes
 * @param keeps those that stay, by address
 * @param moved those of {@code keeps} that go by another name than they were issued by
 * @param warnings what a reviewer should know; it keeps nobody from applying
 */
public record Plan(
    PlanBase base,
    Instant at,
    PlanOptions options,
    List<AuthorityTransition> authorities,
    Optional<DeviceRulesChange> rules,
    List<Change> changes,
    Optional<HeadRenewal> head,
    List<Keep> keeps,
    List<Moved> moved,
    List<Diagnostic> warnings,
    Estimate estimate) {
  public Plan {
    authorities = List.copyOf(authorities);
    changes = List.copyOf(changes);
    keeps = List.copyOf(keeps);
    moved = List.copyOf(moved);
    warnings = List.copyOf(warnings);
  }

  /** Whether there is nothing worth a transaction. */
  public boolean isEmpty() {
    return renewsHeadAlone() && head.isEmpty();
  }

  /** Whether a commit would change nothing but the head's not-after. */
  public boolean renewsHeadAlone() {
    return authorities.isEmpty() && rules.isEmpty() && issues() + rotations() + revocations() == 0;
  }

  public int issues() {
    return count(Issue.class);
  }

  public int rotations() {
    return count(Rotate.class);
  }

  /** Without those that had ended by themselves. */
  public int revocations() {
    return count(Revoke.class) - housekeeping();
  }

  /** How many entries that had ended are cleared along. */
  public int housekeeping() {
    return (int) changes.stream()
        .filter(each -> each instanceof Revoke revoke && revoke.housekeeping())
        .count();
  }

  public List<Issuing> issuing() {
    return changes.stream()
        .filter(Issuing.class::isInstance)
        .map(Issuing.class::cast)
        .toList();
  }

  /**
   * Entries of which the registry's public part must not be handed to others any more: they are taken away, or issued
   * anew because they did not work any more (revoked, compromised).
   */
  public Set<EntryAddress> gone() {
    return changes.stream()
        .filter(each -> each instanceof Issue || each instanceof Revoke)
        .flatMap(each -> each.address().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private int count(Class<? extends Change> kind) {
    return (int) changes.stream().filter(kind::isInstance).count();
  }
}
