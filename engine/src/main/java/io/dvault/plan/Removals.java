package io.dvault.plan;

import io.dvault.desired.DesiredEntry;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.RevocationId;
import io.dvault.plan.Change.Revoke;
import io.dvault.plan.PlanInput.Former;
import io.dvault.plan.Reason.Code;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Active records that nothing declared stands behind. */
final class Removals {
  private final PlanInput input;
  private final Holdings holdings;
  private final Instant now;

  Removals(PlanInput input, Holdings holdings, Instant now) {
    this.input = input;
    this.holdings = holdings;
    this.now = now;
  }

  /** @param decisions that were made already */
  List<Revoke> find(Decisions decisions) {
    List<HeldEntry> left = holdings.all().stream()
        .filter(each -> each.isActive() && !decisions.isSettled(each))
        .toList();
    if (left.isEmpty()) {
      return List.of();
    }
    Set<EntryId> declared = input.desired().entries().values().stream()
        .map(DesiredEntry::id)
        .collect(Collectors.toCollection(HashSet::new));
    Set<DeviceId> devices = input.desired().devices().values().stream()
        .map(DeviceDeclaration::id)
        .collect(Collectors.toSet());
    return left.parallelStream()
        .flatMap(each ->
            removal(each, declared.contains(each.entry()), devices.contains(each.device()))
                .stream())
        .toList();
  }

  private Optional<Revoke> removal(HeldEntry each, boolean declared, boolean knownDevice) {
    Optional<Former> former = holdings.findFormer(each);
    Optional<EntryAddress> asked = input.options().revoke().stream()
        .filter(address -> input.idOf(address).equals(each.entry()))
        .findFirst();
    if (asked.isPresent()) {
      return Optional.of(revoke(each, asked, former, input.options().revoked()));
    }
    Optional<EntryAddress> address = former.map(Former::address);
    if (!address.map(input.options()::allows).orElse(input.options().allowsNameless())) {
      return Optional.empty();
    }
    return Optional.of(revoke(each, address, former, reason(each, declared, knownDevice)));
  }

  private Reason reason(HeldEntry each, boolean declared, boolean knownDevice) {
    boolean over = revokedByGuardian(each)
        || input.kinds().once().contains(each.record().kind())
            && !now.isBefore(each.record().validity().notAfter());
    if (over && input.options().only().isEmpty()) {
      return new Reason(Code.ENDED, "had ended");
    }
    return declared
        ? new Reason(Code.REPLACED, "an older one of another identity of the device")
        : notDeclared(knownDevice);
  }

  private boolean revokedByGuardian(HeldEntry each) {
    return input
        .guardianRevoked()
        .contains(RevocationId.of(each.entry(), each.record().generation()));
  }

  private Reason notDeclared(boolean knownDevice) {
    String what = knownDevice ? "not in configuration" : "device not in configuration";
    String commit = input.base().commit();
    boolean told = input.base().clean() && commit.length() > 7;
    return new Reason(
        Code.NOT_IN_CONFIGURATION, what + (told ? " at " + commit.substring(0, 7) : ""));
  }

  private static Revoke revoke(
      HeldEntry each, Optional<EntryAddress> address, Optional<Former> former, Reason reason) {
    return new Revoke(
        address, each.entry(), each.device(), each.record(), reason, former.map(Former::protect));
  }
}
