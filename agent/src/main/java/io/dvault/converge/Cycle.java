package io.dvault.converge;

import io.dvault.bundle.Identity;
import io.dvault.converge.EntryOpener.Result.Failed;
import io.dvault.converge.EntryOpener.Result.Ready;
import io.dvault.converge.Step.Keep;
import io.dvault.converge.Step.Reason;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.dag.MalformedBlockException;
import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import io.dvault.install.Device;
import io.dvault.install.InstalledEntry;
import io.dvault.install.Problem;
import io.dvault.ledger.Ledger;
import io.dvault.log.StructuredLog;
import io.dvault.model.EntryId;
import io.dvault.model.RevocationId;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.Registry;
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
 * One look: follow the head, read what it lists for us, fetch what is missing, apply. {@link #expire} needs no network
 * and may be called from another thread meanwhile: the network is never waited for under the lock that guards the disk.
 */
public final class Cycle {
  private final HeadFollower follower;
  private final Device device;
  private final VaultState memory;
  private final NextSteps steps;
  private final EntryOpener opener;
  private final StepRunner applier;
  private final FailureBackoff failures;
  private final Overlaps overlaps;
  private final DeviceTime time;
  private final BlockSource blocks;
  private final Object disk = new Object();

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
      StructuredLog log) {}

  public Cycle(Parts parts) throws IOException {
    this.device = parts.device();
    this.time = parts.time();
    this.blocks = parts.blocks();
    this.memory = new VaultState(
        parts.layout(),
        parts.files(),
        parts.store(),
        parts.identity().recipient().deviceId(),
        parts.log());
    this.steps = new NextSteps(device, memory);
    this.follower = new HeadFollower(parts.ledger(), parts.verifier(), time);
    this.failures = new FailureBackoff(parts.nanos());
    this.overlaps = new Overlaps(parts.layout().overlaps(), parts.files(), parts.log());
    this.opener = new EntryOpener(
        memory.state().vault(), parts.identity(), blocks, parts.installers(), device);
    this.applier = new StepRunner(device, failures, parts.log());
  }

  /**
   * What a look came to.
   *
   * @param problems of the device and of single entries, those of this look and those that stand
   */
  public record Report(
      TrustState state,
      Instant now,
      Map<EntryId, InstalledEntry> held,
      Set<EntryId> ended,
      List<Problem> problems) {
    public Report {
      held = Map.copyOf(held);
      ended = Set.copyOf(ended);
      problems = List.copyOf(problems);
    }
  }

  /** Takes away what has ended; needs no network. docs/requirements.md I8, G3. */
  public Report expire() throws IOException {
    synchronized (disk) {
      Instant now = now();
      List<Problem> problems = new ArrayList<>(device.settle(now));
      problems.addAll(applier.remove(steps.at(now), Reason::urgent, now));
      return report(now, problems);
    }
  }

  private Instant now() {
    return time.now(memory.state().floor());
  }

  /** One whole look. Faults of the network and of entries are in the report; a fault of the own disk is thrown. */
  public Report run() throws IOException {
    List<Problem> problems = new ArrayList<>(expire().problems());
    follow(problems);
    Map<EntryId, Ready> ready = new HashMap<>();
    try {
      fetch(ready, problems);
      synchronized (disk) {
        Instant now = now();
        problems.addAll(applier.remove(steps.at(now), Reason::urgent, now));
        keepOnly(steps.wantedAt(now).keySet(), ready);
        overlaps.keepBack(ready, device.current().entries(), device.damaged(), now);
        problems.addAll(applier.install(ready, memory.state().root(), now));
        problems.addAll(applier.remove(steps.at(now), reason -> true, now));
        return report(now, problems);
      }
    } finally {
      ready.values().forEach(Ready::wipe);
    }
  }

  /** What ended while it was fetched is wiped. */
  private static void keepOnly(Set<EntryId> wanted, Map<EntryId, Ready> ready) {
    for (EntryId entry : Set.copyOf(ready.keySet())) {
      if (!wanted.contains(entry)) {
        ready.remove(entry).wipe();
      }
    }
  }

  private void follow(List<Problem> problems) throws IOException {
    Set<RevocationId> relevant;
    synchronized (disk) {
      relevant = memory.relevant(device.current().entries().values());
    }
    HeadFollower.Followed followed = follower.follow(memory.state(), relevant);
    problems.addAll(followed.problems());
    synchronized (disk) {
      memory.follow(followed, now());
    }
  }

  private void fetch(Map<EntryId, Ready> ready, List<Problem> problems) throws IOException {
    if (memory.state().epoch() == 0) {
      return;
    }
    try {
      Optional<Registry> registry = Optional.empty();
      if (memory.listed().isEmpty()) {
        registry = Optional.of(openRegistry());
        Optional<String> untold = memory.findUntold(registry.get());
        if (untold.isPresent()) {
          problems.add(Problem.of("DV529", "registry", untold.get()));
          return;
        }
        synchronized (disk) {
          memory.list(registry.get());
        }
        follow(problems); // guardians may have revoked what was listed just now
      }
      Map<EntryId, EntryRecord> missing = missing();
      if (!missing.isEmpty()) {
        open(missing, registry.isPresent() ? registry.get() : openRegistry(), ready);
      }
    } catch (BlockUnavailableException e) {
      problems.add(Problem.of("DV530", "registry", e.getMessage()));
    } catch (MalformedBlockException e) {
      problems.add(Problem.of("DV531", "registry", e.getMessage()));
    }
  }

  /** What is wanted, without what failed lately. */
  private Map<EntryId, EntryRecord> missing() throws IOException {
    Map<EntryId, EntryRecord> missing;
    synchronized (disk) {
      missing = steps.wantedAt(now());
    }
    failures.retain(missing.keySet());
    missing
        .entrySet()
        .removeIf(each -> failures.isResting(
            each.getKey(), each.getValue().generation(), memory.state().root()));
    return missing;
  }

  private Registry openRegistry() {
    TrustState state = memory.state();
    Registry registry = Registry.open(blocks, Registry.rootCid(state.root()), state.vault());
    if (registry.root().epoch() != state.epoch()) {
      throw new MalformedBlockException(
          registry.cid(),
          "is of epoch " + registry.root().epoch() + ", approved as epoch " + state.epoch());
    }
    return registry;
  }

  private void open(
      Map<EntryId, EntryRecord> missing, Registry registry, Map<EntryId, Ready> ready) {
    EntryOpener.Root root = new EntryOpener.Root(
        registry.authorities().values().stream().flatMap(List::stream).toList(), registry.rules());
    missing.forEach((entry, record) -> {
      switch (opener.open(entry, record, memory.state().epoch(), root)) {
        case Ready good -> ready.put(entry, good);
        case Failed bad ->
          failures.add(
              entry, record.generation(), memory.state().root(), bad.problem(), bad.passing());
      }
    });
  }

  private Report report(Instant now, List<Problem> problems) throws IOException {
    List<Problem> all = new ArrayList<>(problems);
    all.addAll(failures.problems());
    TrustState state = memory.state();
    Set<EntryId> ended = new HashSet<>();
    for (Step step : steps.at(now)) {
      if (step instanceof Keep keep && keep.ended()) {
        ended.add(keep.entry());
        all.add(new Problem(
            "DV552",
            Optional.of(keep.entry()),
            keep.held().address().toString(),
            "ended " + keep.held().validity().notAfter()
                + " and nothing newer came; kept, so that the device stays reachable"));
      }
    }
    if (state.epoch() > 0 && !now.isBefore(state.notAfter())) {
      all.add(Problem.of(
          "DV526",
          "head",
          "epoch " + state.epoch() + " was to be renewed until " + state.notAfter()
              + ": an endpoint may be holding back newer ones"));
    }
    return new Report(
        state, now, device.current().entries(), ended, all.stream().distinct().toList());
  }

  /** When the next entry ends, for the timer. */
  public Optional<Instant> nextEnd() {
    synchronized (disk) {
      return device.current().entries().values().stream()
          .map(held -> held.validity().notAfter())
          .filter(end -> end.isAfter(now()))
          .min(Instant::compareTo);
    }
  }
}
