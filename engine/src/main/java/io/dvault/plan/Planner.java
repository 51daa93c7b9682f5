package io.dvault.plan;

import io.dvault.config.DesiredEntry;
import io.dvault.config.DeviceDeclaration;
import io.dvault.model.AuthorityId;
import io.dvault.model.DeviceId;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.RevocationId;
import io.dvault.model.SpecHash;
import io.dvault.model.VaultSalt;
import io.dvault.plan.Change.Issue;
import io.dvault.plan.Change.Issuing;
import io.dvault.plan.Change.Keep;
import io.dvault.plan.Change.Revoke;
import io.dvault.plan.Change.Rotate;
import io.dvault.plan.PlanInput.Former;
import io.dvault.plan.Reason.Code;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.AuthorityStatus;
import io.dvault.registry.EntryStatus;
import io.dvault.spi.EntryTemplate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** (desired, registry, now) to a plan: a pure function, the same for whoever computes it. DESIGN 6. */
public final class Planner {
  private static final Comparator<Change> ORDER =
      Comparator.comparing((Change change) -> change.address().isEmpty())
          .thenComparing(Change::label)
          .thenComparing(Change::entry)
          .thenComparing(Change::device);

  private final PlanInput input;
  private final Instant now;
  private final Map<EntryId, List<Held>> held;
  private final Map<EntryAddress, Change> decided = new TreeMap<>();
  private final Set<Held> settled = new HashSet<>();
  private final Map<String, Long> heldAuthorities;
  private final Set<DeviceId> devices;

  private Planner(PlanInput input) {
    this.input = input;
    this.now = input.now().truncatedTo(ChronoUnit.SECONDS);
    this.held = Held.index(input.registry());
    this.heldAuthorities = heldAuthorities();
    this.devices = input.desired().devices().values().stream().map(DeviceDeclaration::id).collect(Collectors.toSet());
  }

  /** Throws a DiagnosticException for what no plan can bring about. */
  public static Plan plan(PlanInput input) {
    return new Planner(input).plan();
  }

  private Plan plan() {
    requireKnown();
    // First what stands alone, then what carries others' public parts: it follows their new generations.
    for (boolean carrying : List.of(false, true)) {
      for (DesiredEntry entry : input.desired().entries().values()) {
        if (entry.template().peers().isEmpty() != carrying) {
          decide(entry).ifPresent(change -> decided.put(entry.address(), change));
        }
      }
    }
    List<Change> changes = new ArrayList<>();
    List<Keep> keeps = new ArrayList<>();
    for (Change change : decided.values()) {
      if (change instanceof Keep keep) {
        keeps.add(keep);
      } else {
        changes.add(change);
      }
    }
    changes.addAll(removals());
    changes.sort(ORDER);
    List<Change> numbered = number(changes);
    List<AuthorityChange> authorities = authorities(numbered);
    Optional<HeadRenewal> head = HeadRenewal.due(input, now);
    return new Plan(input.base(), now, authorities, numbered, head, keeps,
        Estimates.of(numbered, authorities, head, input.desired(), input.threshold()));
  }

  private void requireKnown() {
    Set<EntryAddress> asked = new HashSet<>(input.options().replace());
    asked.addAll(input.options().revoke());
    asked.addAll(input.options().only().orElse(Set.of()));
    List<Diagnostic> unknown = asked.stream().sorted()
        .filter(address -> input.desired().findEntry(address).isEmpty() && !held.containsKey(id(address)))
        .map(address -> Diagnostic.error("DV210", "there is no entry " + address,
            "It is neither declared nor in the vault. `dvault show` lists what there is."))
        .toList();
    if (!unknown.isEmpty()) {
      throw new DiagnosticException(unknown);
    }
  }

  private EntryId id(EntryAddress address) {
    return EntryId.of(salt(), address);
  }

  private VaultSalt salt() {
    return input.desired().vault().salt();
  }

  /** What happens to a declared entry; empty when it is not to be touched and is not there. */
  private Optional<Change> decide(DesiredEntry entry) {
    List<Held> records = held.getOrDefault(entry.id(), List.of());
    CanonicalSpec canonical =
        CanonicalSpec.of(entry.template(), declaredAuthority(entry.template()), this::nextGeneration);
    SpecHash spec = canonical.hash(salt());
    long generation = records.isEmpty() ? 1 : records.getFirst().record().generation() + 1;
    if (records.isEmpty()) {
      Reason reason = new Reason(Code.NOT_ISSUED, "not issued yet");
      return input.options().allows(entry.address())
          ? Optional.of(new Issue(entry, generation, canonical, spec, 0, reason, FieldChanges.ofNew(entry.template())))
          : Optional.empty();
    }
    Held newest = records.getFirst();
    settled.add(newest);
    Situation situation = situation(entry, newest, spec);
    if (input.options().revoke().contains(entry.address())) {
      return Optional.of(situation.working()
          ? revoke(newest, new Reason(Code.COMPROMISED, "revoked as asked"))
          : new Keep(entry, newest.record(), true, Rules.ended(situation)));
    }
    Optional<Reason> reason = reason(situation);
    boolean follows = entry.template().peers().stream().map(decided::get).anyMatch(Planner::touches);
    if (reason.isEmpty() || !(input.options().allows(entry.address()) || follows)) {
      return Optional.of(new Keep(
          entry, newest.record(), Rules.staysEnded(situation), reason.orElseGet(() -> keeping(situation))));
    }
    return Optional.of(situation.working()
        ? new Rotate(entry, newest.device(), newest.record(), generation, canonical, spec, 0, reason.get(),
            FieldChanges.ofRotation(entry.template(), newest.record(), now))
        : new Issue(entry, generation, canonical, spec, 0, reason.get(), FieldChanges.ofNew(entry.template())));
  }

  private static boolean touches(Change change) {
    return change != null && !(change instanceof Keep);
  }

  private Situation situation(DesiredEntry entry, Held newest, SpecHash spec) {
    EntryTemplate template = entry.template();
    Optional<Long> declared = declaredAuthority(template);
    Optional<Long> before = template.authority().map(name -> heldAuthorities.getOrDefault(name, 0L));
    boolean unchanged = newest.record().spec().equals(spec);
    SpecHash withHeldAuthority =
        unchanged || before.equals(declared) ? spec : spec(template, before, this::nextGeneration);
    SpecHash withHeldPeers =
        unchanged || template.peers().isEmpty() ? spec : spec(template, declared, this::heldGeneration);
    return new Situation(
        entry, newest, revokedByGuardian(newest), input.options().replace().contains(entry.address()), spec,
        withHeldAuthority, withHeldPeers, now);
  }

  private static Optional<Reason> reason(Situation situation) {
    if (Rules.staysEnded(situation)) {
      return Optional.empty();
    }
    return situation.working()
        ? Rules.firstOf(Rules.ROTATION, situation)
        : Optional.of(Rules.reissued(situation));
  }

  private static Reason keeping(Situation situation) {
    return Rules.staysEnded(situation) ? Rules.ended(situation) : new Reason(Code.KEPT, "as it is");
  }

  private SpecHash spec(EntryTemplate template, Optional<Long> authority, ToLongFunction<EntryAddress> peers) {
    return CanonicalSpec.of(template, authority, peers).hash(salt());
  }

  private Optional<Long> declaredAuthority(EntryTemplate template) {
    return template.authority().map(name -> input.desired().findAuthority(name)
        .orElseThrow(() -> new IllegalStateException("no authority " + name + " for " + template.address())).active());
  }

  private Map<String, Long> heldAuthorities() {
    Map<String, Long> active = new HashMap<>();
    for (String name : input.desired().authorities().keySet()) {
      List<AuthorityRecord> records =
          input.registry().authorities().getOrDefault(AuthorityId.of(salt(), name), List.of());
      records.stream().filter(record -> record.status() == AuthorityStatus.ACTIVE)
          .forEach(record -> active.put(name, record.generation()));
    }
    return active;
  }

  /** The generation of a peer after this plan, 0 when nobody holds it then. */
  private long nextGeneration(EntryAddress peer) {
    return switch (decided.get(peer)) {
      case Issuing issuing -> issuing.generation();
      case Keep keep -> works(keep) ? keep.record().generation() : 0;
      case Revoke revoke -> 0;
      case null -> 0;
    };
  }

  private boolean works(Keep keep) {
    return !keep.ended()
        && keep.record().status() == EntryStatus.ACTIVE
        && !input.guardianRevoked().contains(RevocationId.of(keep.entry(), keep.record().generation()));
  }

  /** The generation of a peer that the registry has as active. */
  private long heldGeneration(EntryAddress peer) {
    return held.getOrDefault(id(peer), List.of()).stream()
        .filter(Held::isActive)
        .mapToLong(each -> each.record().generation())
        .max().orElse(0);
  }

  private boolean revokedByGuardian(Held each) {
    return !input.guardianRevoked().isEmpty()
        && input.guardianRevoked().contains(RevocationId.of(each.entry(), each.record().generation()));
  }

  /** Active records that nothing declared stands behind. */
  private List<Revoke> removals() {
    List<Revoke> removals = new ArrayList<>();
    Set<EntryId> declared = new HashSet<>();
    input.desired().entries().values().forEach(entry -> declared.add(entry.id()));
    for (List<Held> records : held.values()) {
      for (Held each : records) {
        if (each.isActive() && !settled.contains(each)) {
          removal(each, declared.contains(each.entry())).ifPresent(removals::add);
        }
      }
    }
    return removals;
  }

  private Optional<Revoke> removal(Held each, boolean declared) {
    Optional<EntryAddress> address = address(each.entry());
    boolean over = revokedByGuardian(each)
        || input.kinds().once().contains(each.record().kind()) && !now.isBefore(each.record().validity().notAfter());
    if (address.isPresent() && input.options().revoke().contains(address.get())) {
      return Optional.of(revoke(each, new Reason(Code.COMPROMISED, "revoked as asked")));
    }
    if (input.options().only().isPresent()) {
      return address.filter(input.options().only().get()::contains).map(known -> revoke(each, notDeclared(each)));
    }
    if (over) {
      return Optional.of(revoke(each, new Reason(Code.ENDED, "had ended")));
    }
    return Optional.of(revoke(each, declared
        ? new Reason(Code.REPLACED, "an older one of another identity of the device")
        : notDeclared(each)));
  }

  private Reason notDeclared(Held each) {
    String what = devices.contains(each.device()) ? "not in configuration" : "device not in configuration";
    String commit = input.base().commit();
    boolean told = input.base().clean() && commit.length() > 7;
    return new Reason(Code.NOT_IN_CONFIGURATION, what + (told ? " at " + commit.substring(0, 7) : ""));
  }

  private Optional<EntryAddress> address(EntryId entry) {
    return Optional.ofNullable(input.formerly().get(entry)).map(Former::address)
        .or(() -> input.options().revoke().stream().filter(each -> id(each).equals(entry)).findFirst());
  }

  private Revoke revoke(Held each, Reason reason) {
    return new Revoke(
        address(each.entry()), each.entry(), each.device(), each.record(), reason,
        FieldChanges.ofRevocation(each.record(), Optional.ofNullable(input.formerly().get(each.entry())), now));
  }

  private List<Change> number(List<Change> changes) {
    List<Change> numbered = new ArrayList<>(changes.size());
    long epoch = input.base().epoch() + 1;
    int index = 0;
    for (Change change : changes) {
      if (change instanceof Issuing && ++index > Serials.MOST_PER_COMMIT) {
        throw new DiagnosticException(Diagnostic.error("DV208", "more than one commit holds",
            "A commit issues at most %,d entries; declare fewer at once.".formatted(Serials.MOST_PER_COMMIT)));
      }
      int place = index;
      numbered.add(switch (change) {
        case Issue i -> new Issue(i.desired(), i.generation(), i.canonical(), i.spec(), Serials.of(epoch, place),
            i.reason(), i.fields());
        case Rotate r -> new Rotate(r.desired(), r.from(), r.old(), r.generation(), r.canonical(), r.spec(),
            Serials.of(epoch, place), r.reason(), r.fields());
        case Revoke revoke -> revoke;
        case Keep keep -> keep;
      });
    }
    return numbered;
  }

  /** With {@code only}, those that the changes sign with. */
  private List<AuthorityChange> authorities(List<Change> changes) {
    List<AuthorityChange> all = new AuthorityPlanner(input.desired(), input.registry()).plan();
    if (input.options().only().isEmpty()) {
      return all;
    }
    Set<String> used = new HashSet<>();
    changes.forEach(change -> {
      if (change instanceof Issuing issuing) {
        issuing.desired().template().authority().ifPresent(used::add);
        if (issuing.desired().address().kind().equals("Authority")) {
          used.add(issuing.desired().address().name());
        }
      }
    });
    return all.stream().filter(each -> each.name().filter(used::contains).isPresent()).toList();
  }
}
