package io.dvault.plan;

import io.dvault.desired.AuthorityDeclaration;
import io.dvault.desired.DesiredEntry;
import io.dvault.model.AuthorityId;
import io.dvault.model.EntryAddress;
import io.dvault.model.RevocationId;
import io.dvault.model.SpecHash;
import io.dvault.model.VaultSalt;
import io.dvault.plan.Change.Issue;
import io.dvault.plan.Change.Issuing;
import io.dvault.plan.Change.Keep;
import io.dvault.plan.Change.Revoke;
import io.dvault.plan.Change.Rotate;
import io.dvault.plan.Reason.Code;
import io.dvault.registry.AuthorityStatus;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.PublicFacts;
import io.dvault.spi.EntryTemplate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/** What happens to each entry that is declared. */
final class Decisions {
  private final PlanInput input;
  private final Holdings holdings;
  private final Instant now;
  private final Map<String, Long> heldAuthorities = new HashMap<>();
  private final Map<EntryAddress, Change> decidedPeers = new HashMap<>();
  /** By many threads, each its own. */
  private final boolean[] settled;

  Decisions(PlanInput input, Holdings holdings, Instant now) {
    this.input = input;
    this.holdings = holdings;
    this.now = now;
    this.settled = new boolean[holdings.all().size()];
    for (String name : input.desired().authorities().keySet()) {
      input.registry().authorities().getOrDefault(AuthorityId.of(salt(), name), List.of()).stream()
          .filter(record -> record.status() == AuthorityStatus.ACTIVE)
          .forEach(record -> heldAuthorities.put(name, record.generation()));
    }
  }

  /** By address; without those that are not to be touched and are not there. */
  List<Change> decide() {
    Set<EntryAddress> peers = new HashSet<>();
    List<DesiredEntry> alone = new ArrayList<>();
    List<DesiredEntry> carrying = new ArrayList<>();
    for (DesiredEntry entry : input.desired().entries().values()) {
      if (entry.template().peers().isEmpty()) {
        alone.add(entry);
      } else {
        carrying.add(entry);
        peers.addAll(entry.template().peers());
      }
    }
    List<Change> decided = new ArrayList<>(alone.size() + carrying.size());
    // First what stands alone, on all cores; then what carries others' public parts: it follows
    // their new generations.
    alone.parallelStream()
        .map(this::decide)
        .toList()
        .forEach(change -> change.ifPresent(known -> {
          decided.add(known);
          if (!peers.isEmpty()) {
            known
                .address()
                .filter(peers::contains)
                .ifPresent(peer -> decidedPeers.put(peer, known));
          }
        }));
    for (DesiredEntry entry : carrying) {
      decide(entry).ifPresent(change -> {
        decided.add(change);
        decidedPeers.put(entry.address(), change);
      });
    }
    if (!carrying.isEmpty()) {
      decided.sort(Comparator.comparing(change -> change.address().orElseThrow()));
    }
    return decided;
  }

  /** Whether {@link #decide} spoke about a record: the newest of what is declared. */
  boolean isSettled(HeldEntry held) {
    return settled[held.number()];
  }

  private VaultSalt salt() {
    return input.desired().vault().salt();
  }

  private Optional<Change> decide(DesiredEntry entry) {
    PlanOptions options = input.options();
    CanonicalSpec canonical =
        canonical(entry.template(), declaredAuthority(entry.template()), this::nextGeneration);
    Optional<HeldEntry> held = holdings.findNewest(entry.id());
    if (held.isEmpty()) {
      Reason reason = new Reason(Code.NOT_ISSUED, "not issued yet");
      return options.allows(entry.address())
          ? Optional.of(new Issue(entry, 1, canonical, canonical.hash(salt()), 0, reason))
          : Optional.empty();
    }
    HeldEntry newest = held.get();
    settled[newest.number()] = true;
    Situation situation = situation(entry, newest, canonical);
    if (options.revoke().contains(entry.address())) {
      boolean toBan = options.compromised() && newest.isActive(); // also when a guardian was faster
      return Optional.of(
          situation.working() || toBan
              ? new Revoke(
                  Optional.of(entry.address()),
                  newest.entry(),
                  newest.device(),
                  newest.record(),
                  options.revoked(),
                  Optional.of(entry.template().protect()))
              : new Keep(entry, newest.record(), true, RotationRules.ended(situation)));
    }
    Optional<Reason> reason = reason(situation);
    List<EntryAddress> peers = entry.template().peers();
    boolean follows =
        !peers.isEmpty() && peers.stream().map(decidedPeers::get).anyMatch(Decisions::touches);
    if (reason.isEmpty() || !(options.allows(entry.address()) || follows)) {
      return Optional.of(new Keep(
          entry,
          newest.record(),
          RotationRules.staysEnded(situation),
          reason.orElseGet(() -> keeping(situation))));
    }
    return Optional.of(renewed(situation, canonical, reason.get()));
  }

  private Change renewed(Situation situation, CanonicalSpec canonical, Reason reason) {
    HeldEntry newest = situation.held();
    DesiredEntry entry = situation.desired();
    long generation = newest.record().generation() + 1;
    SpecHash spec = canonical.hash(salt());
    return situation.working()
        ? new Rotate(
            entry,
            newest.device(),
            newest.record(),
            generation,
            canonical,
            spec,
            0,
            reason,
            before(entry, newest, spec))
        : new Issue(entry, generation, canonical, spec, 0, reason);
  }

  private static boolean touches(Change change) {
    return change != null && !(change instanceof Keep);
  }

  /** Opens what the registry remembers only where something differs: it costs as much as all the rest together. */
  private Rotate.Before before(DesiredEntry entry, HeldEntry newest, SpecHash spec) {
    boolean same = newest.record().spec().equals(spec);
    if (same && entry.former().isEmpty()) {
      return Rotate.Before.SAME;
    }
    Optional<PublicFacts> facts = holdings.facts(newest);
    return new Rotate.Before(
        facts.flatMap(PublicFacts::address).filter(address -> !address.equals(entry.address())),
        facts
            .filter(known -> !same)
            .flatMap(known -> known.specOf(salt(), newest.record().spec()))
            .map(CanonicalSpec::ofEncoded));
  }

  /** Under its present name, or under the former one that it was issued by. */
  private Situation situation(DesiredEntry entry, HeldEntry newest, CanonicalSpec canonical) {
    Situation situation = situation(entry, newest, entry.template(), canonical);
    for (EntryTemplate former : entry.former()) {
      if (situation.knowsSpec()) {
        return situation;
      }
      Situation earlier = situation(
          entry,
          newest,
          former,
          canonical(former, declaredAuthority(former), this::nextGeneration));
      situation = earlier.knowsSpec() ? earlier : situation;
    }
    return situation;
  }

  private Situation situation(
      DesiredEntry entry, HeldEntry newest, EntryTemplate template, CanonicalSpec canonical) {
    SpecHash spec = canonical.hash(salt());
    if (newest.record().spec().equals(spec)) {
      return situation(entry, newest, spec, spec, spec);
    }
    Optional<Long> declared = declaredAuthority(template);
    Optional<Long> before =
        template.authority().map(name -> heldAuthorities.getOrDefault(name, 0L));
    SpecHash withHeldAuthority = before.equals(declared)
        ? spec
        : canonical(template, before, this::nextGeneration).hash(salt());
    SpecHash withHeldPeers = template.peers().isEmpty()
        ? spec
        : canonical(template, declared, this::heldGeneration).hash(salt());
    return situation(entry, newest, spec, withHeldAuthority, withHeldPeers);
  }

  private Situation situation(
      DesiredEntry entry,
      HeldEntry newest,
      SpecHash spec,
      SpecHash withHeldAuthority,
      SpecHash withHeldPeers) {
    return new Situation(
        entry,
        newest,
        revokedByGuardian(newest),
        input.options().replaces(entry.address()),
        spec,
        withHeldAuthority,
        withHeldPeers,
        now);
  }

  private static Optional<Reason> reason(Situation situation) {
    if (RotationRules.staysEnded(situation)) {
      return Optional.empty();
    }
    return situation.working()
        ? RotationRules.firstOf(RotationRules.ROTATION, situation)
        : Optional.of(RotationRules.reissued(situation));
  }

  private static Reason keeping(Situation situation) {
    return RotationRules.staysEnded(situation)
        ? RotationRules.ended(situation)
        : new Reason(Code.KEPT, "as it is");
  }

  private static CanonicalSpec canonical(
      EntryTemplate template, Optional<Long> authority, ToLongFunction<EntryAddress> peers) {
    return CanonicalSpec.of(template, authority, peers);
  }

  private Optional<Long> declaredAuthority(EntryTemplate template) {
    if (template.authority().isEmpty()) {
      return Optional.empty();
    }
    Optional<AuthorityDeclaration> declared =
        input.desired().findAuthority(template.authority().get());
    if (declared.isEmpty()) {
      throw new IllegalStateException(
          "no authority " + template.authority().get() + " for " + template.address());
    }
    return Optional.of(declared.get().active());
  }

  /** The generation of a peer after this plan, 0 when nobody holds it then. */
  private long nextGeneration(EntryAddress peer) {
    return switch (decidedPeers.get(now(peer))) {
      case Issuing issuing -> issuing.generation();
      case Keep keep -> works(keep) ? keep.record().generation() : 0;
      case Revoke revoke -> 0;
      case null -> 0;
    };
  }

  private boolean works(Keep keep) {
    return !keep.ended()
        && keep.record().status() == EntryStatus.ACTIVE
        && !input
            .guardianRevoked()
            .contains(RevocationId.of(keep.entry(), keep.record().generation()));
  }

  /** The generation of a peer that the registry has as active. */
  private long heldGeneration(EntryAddress peer) {
    return holdings.activeGeneration(input.idOf(now(peer)));
  }

  /** A former template names its peers by their former names. */
  private EntryAddress now(EntryAddress peer) {
    return input.desired().presentName(peer);
  }

  private boolean revokedByGuardian(HeldEntry each) {
    return !input.guardianRevoked().isEmpty()
        && input
            .guardianRevoked()
            .contains(RevocationId.of(each.entry(), each.record().generation()));
  }
}
