package io.dvault.converge;

import io.dvault.bundle.Identity;
import io.dvault.converge.Converger.Knowledge;
import io.dvault.converge.EntryOpener.Result.Failed;
import io.dvault.converge.EntryOpener.Result.Ready;
import io.dvault.converge.Step.Install;
import io.dvault.converge.Step.Keep;
import io.dvault.converge.Step.Reason;
import io.dvault.converge.Step.Remove;
import io.dvault.converge.Step.Replace;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.dag.MalformedBlockException;
import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import io.dvault.disk.RefusedException;
import io.dvault.install.Bounds;
import io.dvault.install.Device;
import io.dvault.install.Held;
import io.dvault.install.Problem;
import io.dvault.ledger.Ledger;
import io.dvault.log.EventLog;
import io.dvault.model.EntryId;
import io.dvault.model.RevocationId;
import io.dvault.model.SecretBytes;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.Registry;
import io.dvault.spi.Installation.AuthorizedKey;
import io.dvault.spi.Installer;
import io.dvault.trust.DeviceTime;
import io.dvault.trust.HeadVerifier;
import io.dvault.trust.TrustState;
import io.dvault.trust.TrustStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * One look: follow the head, read what it lists for us, fetch what is missing, apply. {@link #expire} needs no network and
 * may be called from another thread meanwhile: the network is never waited for under the lock that guards the disk.
 */
public final class Cycle {
  private final Layout layout;
  private final TrustStore store;
  private final HeadFollower follower;
  private final Device device;
  private final EntryOpener opener;
  private final Applier applier;
  private final Failures failures;
  private final Overlaps overlaps;
  private final DeviceTime time;
  private final BlockSource blocks;
  private final io.dvault.model.DeviceId own;
  private final EventLog log;
  private final DurableFiles files;
  private final Object disk = new Object();
  private TrustState state;
  private Optional<Listing> listing;
  private Optional<ToldAuthorities> told;

  /** What a cycle is made of; {@code blocks} returns only bytes that fit their hash. */
  public record Parts(
      Layout layout,
      TrustStore store,
      DurableFiles files,
      Device device,
      Identity identity,
      Ledger ledger,
      HeadVerifier verifier,
      BlockSource blocks,
      List<Installer> installers,
      DeviceTime time,
      LongSupplier nanos,
      EventLog log) {}

  public Cycle(Parts parts) throws IOException {
    this.layout = parts.layout();
    this.store = parts.store();
    this.files = parts.files();
    this.device = parts.device();
    this.time = parts.time();
    this.blocks = parts.blocks();
    this.log = parts.log();
    this.state = store.read();
    this.follower = new HeadFollower(parts.ledger(), parts.verifier(), time);
    this.failures = new Failures(parts.nanos());
    this.overlaps = new Overlaps(layout.overlaps(), files, log);
    this.opener = new EntryOpener(state.vault(), parts.identity(), blocks, parts.installers(), device);
    this.applier = new Applier(device, failures, log);
    this.own = parts.identity().recipient().deviceId();
    this.listing = Listing.find(layout.desired());
    Optional<ToldAuthorities> kept = ToldAuthorities.find(layout.authorities());
    this.told = kept.isEmpty() && state.epoch() == 0 ? Optional.of(ToldAuthorities.ofEmptyVault()) : kept;
  }

  /**
   * What a look came to.
   *
   * @param problems of the device and of single entries, those of this look and those that stand
   */
  public record Report(TrustState state, Instant now, Map<EntryId, Held> held, Set<EntryId> ended, List<Problem> problems) {
    public Report {
      held = Map.copyOf(held);
      ended = Set.copyOf(ended);
      problems = List.copyOf(problems);
    }
  }

  /** Takes away what has ended; needs no network. FEATURES I8, G3. */
  public Report expire() throws IOException {
    synchronized (disk) {
      Instant now = time.now(state.floor());
      List<Problem> problems = new ArrayList<>(device.settle(now));
      problems.addAll(applier.remove(plan(now), Reason::urgent, now));
      return report(now, problems);
    }
  }

  /** One whole look. Faults of the network and of single entries are in the report; a fault of the own disk is thrown. */
  public Report run() throws IOException {
    List<Problem> problems = new ArrayList<>(expire().problems());
    follow(problems);
    Map<EntryId, Ready> ready = new HashMap<>();
    try {
      fetch(ready, problems);
      synchronized (disk) {
        Instant now = time.now(state.floor());
        problems.addAll(applier.remove(plan(now), Reason::urgent, now));
        ready.keySet().retainAll(wanted(plan(now)).keySet());
        overlaps.keepBack(ready, device.current().entries(), device.damaged(), now);
        problems.addAll(applier.install(ready, state.root(), now));
        problems.addAll(applier.remove(plan(now), reason -> true, now));
        return report(now, problems);
      }
    } finally {
      ready.values().forEach(each -> each.contents().values().forEach(SecretBytes::close));
    }
  }

  private void follow(List<Problem> problems) throws IOException {
    Set<RevocationId> relevant = relevant();
    HeadFollower.Followed followed = follower.follow(state, relevant);
    problems.addAll(followed.problems());
    synchronized (disk) {
      TrustState next = followed.next().notBefore(time.now(state.floor()).minusSeconds(FLOOR_STEP));
      hear(followed);
      // The newest head touched only other devices: what the last one listed for us still holds. DESIGN 5, shards.
      if (listing.isPresent() && listing.get().root().equals(state.root()) && followed.leavesAlone(own)) {
        listing = Optional.of(new Listing(next.root(), listing.get().device()));
        store(next); // trust first: a listing of a root that was not followed must not exist
        listing.get().write(layout.desired(), files);
      } else {
        store(next);
      }
    }
  }

  /** Before the head is followed, so that a crash in between loses nothing of what was told. */
  private void hear(HeadFollower.Followed followed) throws IOException {
    if (!followed.next().root().equals(state.root())) {
      told = told.flatMap(known -> known.after(followed.path()));
      if (told.isPresent()) {
        told.get().write(layout.authorities(), files);
      }
    }
  }

  /** SECURITY T36: false when the tree holds authorities that no commit told of. */
  private boolean isTold(Registry registry, List<Problem> problems) throws IOException {
    Optional<String> untold = told.filter(known -> known.root().equals(state.root()))
        .flatMap(known -> known.untold(registry.authorities()));
    if (untold.isPresent()) {
      problems.add(Problem.of("DV529", "registry", untold.get()));
      return false;
    }
    told = Optional.of(ToldAuthorities.of(state.root(), registry.authorities()));
    told.get().write(layout.authorities(), files);
    return true;
  }

  /** The floor is written when it has moved by this many seconds, not each time: flash wears out. */
  private static final long FLOOR_STEP = 60;

  private void store(TrustState next) throws IOException {
    if (!next.differsOnlyInTime(state) || next.floor().isAfter(state.floor().plusSeconds(FLOOR_STEP))) {
      store.write(next);
      if (next.epoch() != state.epoch()) {
        log.info("follow", "epoch", next.epoch(), "root", next.root().abbreviated(), "governance", next.governanceVersion());
      }
      state = next;
    }
  }

  /** Ids by which a guardian may have revoked something that we have or are about to get. */
  private Set<RevocationId> relevant() {
    synchronized (disk) {
      Set<RevocationId> ids = new HashSet<>();
      device.current().entries().values().forEach(held -> ids.add(RevocationId.of(held.entry(), held.generation())));
      listing.ifPresent(known -> known.device().entries()
          .forEach((entry, record) -> ids.add(RevocationId.of(entry, record.generation()))));
      return ids;
    }
  }

  private void fetch(Map<EntryId, Ready> ready, List<Problem> problems) throws IOException {
    if (state.epoch() == 0) {
      return;
    }
    try {
      Optional<Registry> registry = Optional.empty();
      if (listing.isEmpty() || !listing.get().root().equals(state.root())) {
        registry = Optional.of(openRegistry());
        if (!isTold(registry.get(), problems)) {
          return;
        }
        Listing read = new Listing(state.root(), registry.get().findDevice(own)
            .orElseGet(() -> io.dvault.registry.DeviceEntry.of(own, Map.of())));
        synchronized (disk) {
          read.write(layout.desired(), files);
          listing = Optional.of(read);
        }
        follow(problems); // guardians may have revoked what was listed just now
      }
      Map<EntryId, EntryRecord> missing;
      synchronized (disk) {
        missing = wanted(plan(time.now(state.floor())));
      }
      failures.retain(missing.keySet());
      missing.keySet().removeIf(entry -> failures.isResting(entry, missing.get(entry).generation(), state.root()));
      if (!missing.isEmpty()) {
        Registry open = registry.isPresent() ? registry.get() : openRegistry();
        EntryOpener.Root root = new EntryOpener.Root(
            open.authorities().values().stream().flatMap(List::stream).toList(), open.rules());
        missing.forEach((entry, record) -> open(entry, record, root, ready));
      }
    } catch (BlockUnavailableException e) {
      problems.add(Problem.of("DV530", "registry", e.getMessage()));
    } catch (MalformedBlockException e) {
      problems.add(Problem.of("DV531", "registry", e.getMessage()));
    }
  }

  private Registry openRegistry() {
    Registry registry = Registry.open(blocks, Registry.rootCid(state.root()), state.vault());
    if (registry.root().epoch() != state.epoch()) {
      throw new MalformedBlockException(
          registry.cid(), "is of epoch " + registry.root().epoch() + ", approved as epoch " + state.epoch());
    }
    return registry;
  }

  private void open(EntryId entry, EntryRecord record, EntryOpener.Root root, Map<EntryId, Ready> ready) {
    switch (opener.open(entry, record, state.epoch(), root)) {
      case Ready good -> ready.put(entry, good);
      case Failed bad -> failures.add(entry, record.generation(), state.root(), bad.problem(), bad.passing());
    }
  }

  private List<Step> plan(Instant now) throws IOException {
    Map<EntryId, Held> held = device.current().entries();
    Optional<Listing> known = listing.filter(each -> each.root().equals(state.root()));
    return Converger.plan(
        new Knowledge(held, known.map(Listing::device), state.revoked(), device.damaged(), outside(held), now));
  }

  /** What agent.yaml, changed since, does not allow any more. */
  private Set<EntryId> outside(Map<EntryId, Held> held) {
    Set<EntryId> outside = new HashSet<>();
    Bounds bounds = device.bounds();
    for (Held each : held.values()) {
      boolean accounts = each.keys().stream().map(AuthorizedKey::account).allMatch(bounds.accounts()::containsKey);
      try {
        device.requireFolders(each.files());
      } catch (RefusedException e) {
        accounts = false;
      }
      if (!accounts) {
        outside.add(each.entry());
      }
    }
    return outside;
  }

  private static Map<EntryId, EntryRecord> wanted(List<Step> steps) {
    Map<EntryId, EntryRecord> wanted = new HashMap<>();
    for (Step step : steps) {
      switch (step) {
        case Install install -> wanted.put(install.entry(), install.record());
        case Replace replace -> wanted.put(replace.entry(), replace.record());
        case Remove remove -> { }
        case Keep keep -> { }
      }
    }
    return wanted;
  }

  private Report report(Instant now, List<Problem> problems) throws IOException {
    List<Problem> all = new ArrayList<>(problems);
    all.addAll(failures.problems());
    Set<EntryId> ended = new HashSet<>();
    for (Step step : plan(now)) {
      if (step instanceof Keep keep && keep.ended()) {
        ended.add(keep.entry());
        all.add(new Problem("DV552", Optional.of(keep.entry()), keep.held().address().toString(),
            "ended " + keep.held().validity().notAfter() + " and nothing newer came; kept, so that the device stays reachable"));
      }
    }
    if (state.epoch() > 0 && !now.isBefore(state.notAfter())) {
      all.add(Problem.of("DV526", "head", "epoch " + state.epoch() + " was to be renewed until " + state.notAfter()
          + ": an endpoint may be holding back newer ones"));
    }
    return new Report(state, now, device.current().entries(), ended, all.stream().distinct().toList());
  }

  /** When the next entry ends, for the timer. */
  public Optional<Instant> nextEnd() {
    synchronized (disk) {
      return device.current().entries().values().stream()
          .map(held -> held.validity().notAfter())
          .filter(end -> end.isAfter(time.now(state.floor())))
          .min(Instant::compareTo);
    }
  }
}
