package io.dvault.apply;

import io.dvault.cbor.MalformedCborException;
import io.dvault.dag.Shards;
import io.dvault.desired.DesiredState;
import io.dvault.ledger.Commit;
import io.dvault.model.DeviceId;
import io.dvault.model.Diagnostic;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.plan.AuthorityTransition;
import io.dvault.plan.Change;
import io.dvault.plan.DeviceRulesChange;
import io.dvault.plan.Plan;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.plan.Validities;
import io.dvault.registry.Acts;
import io.dvault.registry.BannedEntry;
import io.dvault.registry.DeviceChange;
import io.dvault.registry.EntryChange;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.PublicFacts;
import io.dvault.registry.Registry;
import io.dvault.registry.RegistryDiff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds a proposed tree against the plan that the approver made from git and the old root: it must differ by exactly
 * these changes (docs/threat-model.md T11). What is sealed to a device nobody else can look into;
 * everything around it is checked.
 */
public final class ProposalCheck {
  /** Clocks of proposer and approver may differ by so much. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final DesiredState desired;
  private final RegistrySnapshot base;
  private final Plan plan;
  private final Commit commit;
  private final Instant now;
  private final Map<EntryId, EntryAddress> names = new HashMap<>();
  private final List<Diagnostic> faults = new ArrayList<>();

  private record Place(DeviceId device, EntryId entry) {}

  public ProposalCheck(
      DesiredState desired, RegistrySnapshot base, Plan plan, Commit commit, Instant now) {
    this.desired = desired;
    this.base = base;
    this.plan = plan;
    this.commit = commit;
    this.now = now;
    desired.entries().values().forEach(entry -> names.put(entry.id(), entry.address()));
  }

  /**
   * @param before the tree that the plan was made from, empty at epoch 1
   * @param proposed the tree that is to be signed
   * @return one DV307 for each difference; empty when it may be signed
   */
  public List<Diagnostic> check(Optional<Registry> before, Registry proposed) {
    if (plan.isEmpty()) {
      fault("there is nothing to change");
    }
    RegistryDiff diff = RegistryDiff.between(before, proposed);
    entries(diff);
    if (!proposed
        .authorities()
        .equals(AuthorityTransition.applied(base.authorities(), plan.authorities(), plan.at()))) {
      fault("the authorities are not those of the plan");
    }
    if (!proposed.rules().equals(plan.rules().map(DeviceRulesChange::after).orElse(base.rules()))) {
      fault("the rules that devices enforce are not those of the plan");
    }
    root(before, proposed);
    acts(diff);
    return List.copyOf(faults);
  }

  private void root(Optional<Registry> before, Registry proposed) {
    boolean follows = proposed.root().epoch() == base.epoch() + 1
        && proposed.root().prev().equals(before.map(Registry::cid))
        && proposed.root().commit().equals(plan.base().gitCommit())
        && commit.epoch() == base.epoch() + 1
        && commit.root().equals(proposed.cid().digest());
    if (!follows) {
      fault("the root does not follow epoch " + base.epoch() + " of git commit "
          + plan.base().gitCommit());
    }
    if (commit.notAfter().isAfter(now.plus(desired.vault().freshFor()).plus(SKEW))) {
      fault("the head would count as fresh until " + commit.notAfter()
          + ", longer than vault.yaml says");
    }
    if (commit.notAfter().isBefore(plan.at().plus(desired.vault().freshFor()))) {
      fault("the head would count as stale from " + commit.notAfter()
          + ", sooner than vault.yaml says");
    }
  }

  private void acts(RegistryDiff diff) {
    try {
      Acts told = Acts.decode(commit.acts());
      Acts real = Acts.of(diff, plan.base().gitCommit(), told.reason());
      if (!Arrays.equals(real.encode(), commit.acts())) {
        // docs/threat-model.md T36
        fault("the public summary tells of other acts than the tree holds");
      }
    } catch (MalformedCborException e) {
      fault("the public summary cannot be read: " + e.getMessage());
    }
  }

  private void entries(RegistryDiff diff) {
    Map<Place, Change.Issuing> issuing = new HashMap<>();
    plan.issuing()
        .forEach(change -> issuing.put(new Place(change.device(), change.entry()), change));
    Map<Place, EntryRecord> revoked = revoked();
    Set<Integer> slots = new HashSet<>();
    for (DeviceChange device : diff.devices()) {
      slots.add(Shards.slotOf(device.device().bytes().toArray()));
      if (device.presence() == DeviceChange.Presence.REMOVED) {
        fault("device " + device.device().bytes().abbreviated() + " is gone");
      }
      for (EntryChange change : device.entries()) {
        entry(new Place(device.device(), change.entry()), change, issuing, revoked);
      }
    }
    issuing.keySet().forEach(place -> fault(label(place) + " is planned and not in the proposal"));
    revoked.keySet().forEach(place -> fault(label(place) + " is not revoked as planned"));
    if (!commit.shards().equals(Shards.of(slots))) {
      fault("the map of changed slots is wrong: devices would miss the change");
    }
  }

  private Map<Place, EntryRecord> revoked() {
    Map<Place, EntryRecord> revoked = new HashMap<>();
    for (Change change : plan.changes()) {
      if (change instanceof Change.Revoke revoke) {
        revoked.put(new Place(revoke.device(), revoke.entry()), NextTree.after(revoke));
      } else if (change instanceof Change.Rotate rotate && !rotate.from().equals(rotate.device())) {
        revoked.put(new Place(rotate.from(), rotate.entry()), NextTree.revoked(rotate.old()));
      }
    }
    plan.issuing()
        .forEach(change -> bannedBefore(change)
            .ifPresent(old -> revoked.put(new Place(change.device(), old.id()), old.record())));
    return revoked;
  }

  private Optional<BannedEntry> bannedBefore(Change.Issuing change) {
    return Optional.ofNullable(base.devices().get(change.device()))
        .flatMap(device ->
            BannedEntry.movedAside(desired.vault().salt(), change.entry(), device.entries()));
  }

  private void entry(
      Place place,
      EntryChange change,
      Map<Place, Change.Issuing> issuing,
      Map<Place, EntryRecord> revoked) {
    Optional<EntryRecord> after = switch (change) {
      case EntryChange.Added added -> Optional.of(added.after());
      case EntryChange.Changed changed -> Optional.of(changed.after());
      case EntryChange.Removed removed -> Optional.empty();
    };
    Optional<Change.Issuing> planned = Optional.ofNullable(issuing.remove(place));
    Optional<EntryRecord> taken = Optional.ofNullable(revoked.remove(place));
    if (after.isEmpty()) {
      fault(label(place) + " is gone from the tree");
    } else if (planned.isPresent()) {
      issued(place, planned.get(), after.get());
    } else if (!taken.equals(after)) {
      fault(label(place) + " is changed, and the plan does not say so");
    }
  }

  private void issued(Place place, Change.Issuing planned, EntryRecord record) {
    boolean same = record.generation() == planned.generation()
        && record.kind().equals(planned.desired().address().kind())
        && record.spec().equals(planned.spec())
        && record.serial() == planned.serial()
        && record.status() == EntryStatus.ACTIVE
        && record.sealed().isPresent();
    if (!same) {
      fault(label(place) + " is not issued as planned");
    }
    Duration planedLife = planned.desired().template().ttl().plus(Validities.BACKDATED);
    boolean life = record.validity().length().equals(planedLife)
        && !record
            .validity()
            .notBefore()
            .isBefore(plan.at().minus(Validities.BACKDATED).minus(SKEW))
        && !record.validity().notBefore().isAfter(now.plus(SKEW));
    if (!life) {
      fault(label(place) + " would be valid from " + record.validity().notBefore() + " to "
          + record.validity().notAfter() + ", not as planned");
    }
    Optional<PublicFacts> facts =
        PublicFacts.decrypt(desired.vault().salt(), place.entry(), record);
    if (facts.isEmpty()) {
      fault("the public part of " + label(place) + " is not readable with the vault's salt");
    } else if (!facts.get().equals(planned.facts(facts.get().part()))) {
      fault("name, protection or spec of " + label(place)
          + " would be remembered otherwise than planned");
    }
  }

  private String label(Place place) {
    return Optional.ofNullable(names.get(place.entry()))
        .map(EntryAddress::toString)
        .orElseGet(() -> "entry " + place.entry().bytes().abbreviated() + " of device "
            + place.device().bytes().abbreviated());
  }

  private void fault(String what) {
    faults.add(Diagnostic.error(
        "DV307", "the proposal is not what the plan says", what + ".", "Nothing was signed."));
  }
}
