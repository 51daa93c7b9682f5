package io.dvault.config;

import io.dvault.model.Bytes32;
import java.util.Collection;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Puts the checks off until it is known which enrolments a plan relies on. The registry at the head, which the approvers
 * signed, ties the name of a device that holds something to its recipient: nothing that stays as it is needs the proof a
 * second time.
 */
public final class DeferredEnrolments implements EnrolmentCache {
  private final EnrolmentCache checked;
  private final Queue<UncheckedEnrolment> waiting = new ConcurrentLinkedQueue<>();

  /** @param checked asked first, and told of what was checked later */
  public DeferredEnrolments(EnrolmentCache checked) {
    this.checked = checked;
  }

  @Override
  public boolean isEmpty() {
    return checked.isEmpty();
  }

  @Override
  public boolean holds(Bytes32 enrolment) {
    return checked.holds(enrolment);
  }

  @Override
  public void add(Bytes32 enrolment) {
    checked.add(enrolment);
  }

  @Override
  public boolean defers(UncheckedEnrolment enrolment) {
    return waiting.add(enrolment);
  }

  /** Whether any check is still to be made. */
  public boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** Makes the checks that wait, but for those of {@code vouched}; whether all hold. */
  public boolean check(Set<String> vouched) {
    Collection<UncheckedEnrolment> relied =
        waiting.parallelStream().filter(each -> !vouched.contains(each.device()) && !isKnown(each)).toList();
    waiting.clear();
    return relied.parallelStream().map(this::check).reduce(true, Boolean::logicalAnd);
  }

  private boolean isKnown(UncheckedEnrolment enrolment) {
    return !checked.isEmpty() && checked.holds(enrolment.digest());
  }

  private boolean check(UncheckedEnrolment enrolment) {
    boolean holds = enrolment.holds();
    if (holds) {
      checked.add(enrolment.digest());
    }
    return holds;
  }
}
