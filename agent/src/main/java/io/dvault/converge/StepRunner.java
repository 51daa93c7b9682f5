package io.dvault.converge;

import io.dvault.converge.EntryOpener.Result.Ready;
import io.dvault.converge.Step.Reason;
import io.dvault.converge.Step.Remove;
import io.dvault.disk.RefusedException;
import io.dvault.install.Device;
import io.dvault.install.Device.Outcome;
import io.dvault.install.InstalledEntry;
import io.dvault.install.InstalledEntry.HeldFile;
import io.dvault.install.Manifest;
import io.dvault.install.Problem;
import io.dvault.log.StructuredLog;
import io.dvault.model.Bytes32;
import io.dvault.model.EntryId;
import io.dvault.model.SecretBytes;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Takes steps to the disk, in the order that is safe: what must go at once, then what is new, then the rest (T25). */
final class StepRunner {
  private final Device device;
  private final FailureBackoff failures;
  private final StructuredLog log;

  StepRunner(Device device, FailureBackoff failures, StructuredLog log) {
    this.device = device;
    this.failures = failures;
    this.log = log;
  }

  /** Removes what {@code which} names; a failing action does not bring it back. */
  List<Problem> remove(List<Step> steps, Predicate<Reason> which, Instant now) throws IOException {
    TreeMap<EntryId, InstalledEntry> next = new TreeMap<>(device.current().entries());
    for (Step step : steps) {
      if (step instanceof Remove remove
          && which.test(remove.reason())
          && next.remove(remove.entry()) != null) {
        log.info(
            "remove",
            "entry",
            remove.held().address(),
            "generation",
            remove.held().generation(),
            "why",
            remove.reason().words());
      }
    }
    if (next.equals(device.current().entries())) {
      return List.of();
    }
    dropDamaged(next, Set.of());
    Outcome outcome = device.activate(device.current().next(next, now), Map.of(), false);
    return outcome instanceof Outcome.Activated activated ? activated.problems() : List.of();
  }

  /** Installs what is ready; an action that fails takes only its own entries back. */
  List<Problem> install(Map<EntryId, Ready> ready, Bytes32 root, Instant now) throws IOException {
    Map<EntryId, Ready> left = withoutConflicts(ready, root);
    while (!left.isEmpty()) {
      TreeMap<EntryId, InstalledEntry> next = new TreeMap<>(device.current().entries());
      Map<String, SecretBytes> contents = new HashMap<>();
      left.forEach((entry, each) -> {
        next.put(entry, each.held());
        contents.putAll(each.contents());
      });
      dropDamaged(next, left.keySet());
      Manifest manifest = device.current().next(next, now);
      switch (device.activate(manifest, contents, true)) {
        case Outcome.Activated activated -> {
          left.values().forEach(this::installed);
          return activated.problems();
        }
        case Outcome.RolledBack back -> {
          if (!takeBack(left, back, root)) {
            return List.of(Problem.of("DV550", back.action(), back.why()));
          }
        }
      }
    }
    return List.of();
  }

  private void installed(Ready ready) {
    InstalledEntry held = ready.held();
    failures.succeeded(held.entry());
    log.info(
        "install",
        "entry",
        held.address(),
        "generation",
        held.generation(),
        "until",
        held.validity().notAfter());
  }

  /** Drops the entries that {@code back}'s action belongs to; false when there is none. */
  private boolean takeBack(Map<EntryId, Ready> left, Outcome.RolledBack back, Bytes32 root) {
    List<InstalledEntry> fallen = left.values().stream()
        .map(Ready::held)
        .filter(held -> usesAction(held, back.action()))
        .toList();
    for (InstalledEntry held : fallen) {
      left.remove(held.entry());
      String kept = device.current().entries().containsKey(held.entry())
          ? "; generation " + device.current().entries().get(held.entry()).generation() + " kept"
          : "; not installed";
      Problem problem = new Problem(
          "DV550",
          Optional.of(held.entry()),
          held.address().toString(),
          back.action() + ": " + back.why() + kept);
      failures.add(held.entry(), held.generation(), root, problem, false);
    }
    return !fallen.isEmpty();
  }

  private boolean usesAction(InstalledEntry held, String action) {
    Optional<String> before = Optional.ofNullable(device.current().entries().get(held.entry()))
        .flatMap(InstalledEntry::action);
    return held.action().equals(Optional.of(action)) || before.equals(Optional.of(action));
  }

  /** Entries whose files are gone cannot be carried over; they are installed anew when they can be had. */
  private void dropDamaged(TreeMap<EntryId, InstalledEntry> next, Set<EntryId> fresh)
      throws IOException {
    for (EntryId entry : device.damaged()) {
      if (!fresh.contains(entry) && next.remove(entry) != null) {
        log.alarm(
            "DV561",
            entry.bytes().abbreviated(),
            "its files were changed and could not be restored: removed");
      }
    }
  }

  /** Two entries that want the same path: who is there stays, else the lower id wins. */
  private Map<EntryId, Ready> withoutConflicts(Map<EntryId, Ready> ready, Bytes32 root) {
    TreeMap<EntryId, Ready> good = new TreeMap<>();
    TreeSet<String> taken = new TreeSet<>();
    device.current().entries().values().stream()
        .filter(held -> !ready.containsKey(held.entry()))
        .forEach(held -> held.files().forEach(file -> taken.add(file.path())));
    new TreeMap<>(ready).forEach((entry, each) -> {
      try {
        requireFree(each.held(), taken);
        each.held().files().forEach(file -> taken.add(file.path()));
        good.put(entry, each);
      } catch (RefusedException e) {
        Problem problem = new Problem(
            e.code(), Optional.of(entry), each.held().address().toString(), e.getMessage());
        failures.add(entry, each.held().generation(), root, problem, false);
      }
    });
    return good;
  }

  private static void requireFree(InstalledEntry held, TreeSet<String> taken)
      throws RefusedException {
    Set<String> own = new HashSet<>();
    for (HeldFile file : held.files()) {
      own.add(file.path());
    }
    List<String> all = new ArrayList<>(taken);
    all.addAll(own);
    for (String path : own) {
      boolean same = taken.contains(path);
      boolean nested = all.stream()
          .anyMatch(other -> other.startsWith(path + "/") || path.startsWith(other + "/"));
      if (same || nested) {
        throw new RefusedException("DV544", path + " is taken by another entry");
      }
    }
  }
}
