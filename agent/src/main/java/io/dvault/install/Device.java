package io.dvault.install;

import io.dvault.disk.Checkpoint;
import io.dvault.disk.Checkpoint.Step;
import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import io.dvault.disk.RefusedException;
import io.dvault.install.InstalledEntry.HeldFile;
import io.dvault.log.StructuredLog;
import io.dvault.model.EntryId;
import io.dvault.model.SecretBytes;
import io.dvault.model.VaultId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The device as the agent changes it: one generation at a time, whole or not at all. Not
 * thread-safe: one converger at a
 * time, under the state folder's lock. docs/architecture.md, "The agent"; docs/threat-model.md T23,
 * T24.
 */
public final class Device {
  private final Layout layout;
  private final DeviceAllowlist bounds;
  private final Checkpoint checkpoint;
  private final StructuredLog log;
  private final Sessions sessions;
  private final DurableFiles files;
  private final Generations generations;
  private final ActionRunner runner;
  private final AccountKeys keys;
  private Manifest current;

  private Device(
      Layout layout,
      DeviceAllowlist bounds,
      VaultId vault,
      Sessions sessions,
      Checkpoint checkpoint,
      StructuredLog log)
      throws IOException {
    this.layout = layout;
    this.bounds = bounds;
    this.sessions = sessions;
    this.checkpoint = checkpoint;
    this.log = log;
    this.files = new DurableFiles(checkpoint);
    this.generations = new Generations(layout, checkpoint);
    this.runner = new ActionRunner(layout);
    this.keys = new AccountKeys(layout, bounds, vault, checkpoint, log);
    this.current = generations.current(bounds.folders());
  }

  /** Opens the state on disk and finishes, or undoes, what a crash left half done. */
  public static Device open(
      Layout layout,
      DeviceAllowlist bounds,
      VaultId vault,
      Sessions sessions,
      Checkpoint checkpoint,
      StructuredLog log)
      throws IOException {
    Device device = new Device(layout, bounds, vault, sessions, checkpoint, log);
    device.recover();
    return device;
  }

  /** What an activation came to. */
  public sealed interface Outcome {
    /** It stands; {@code problems} did not stop it. */
    record Activated(List<Problem> problems) implements Outcome {}

    /** {@code action} failed: the device is as before. */
    record RolledBack(String action, String why) implements Outcome {}
  }

  public Manifest current() {
    return current;
  }

  public DeviceAllowlist bounds() {
    return bounds;
  }

  private void recover() throws IOException {
    Optional<PendingActivation> pending = PendingActivation.find(layout.pending());
    if (pending.isPresent()) {
      PendingActivation found = pending.get();
      log.info("recover", "from", found.from(), "to", found.to(), "current", current.number());
      List<String> known =
          found.actions().stream().filter(bounds.actions()::containsKey).toList();
      if (found.to() == current.number()) {
        boolean back = found.rollBack() && Files.isDirectory(generations.folder(found.from()));
        Manifest before = back ? generations.read(found.from()) : current;
        confirm(before, new PendingActivation(found.from(), found.to(), known, back));
      } else {
        known.forEach(name -> runner
            .run(action(name).run(), action(name), Path.of("/"))
            .ifPresent(why -> log.alarm("DV550", name, why)));
        Files.delete(layout.pending());
      }
    }
    generations.keepOnly(current.number());
  }

  /** Entries of which a file was changed or removed behind our back. */
  public Set<EntryId> damaged() throws IOException {
    Set<EntryId> damaged = new HashSet<>();
    for (InstalledEntry held : current.entries().values()) {
      for (HeldFile file : held.files()) {
        if (generations.readFile(current.number(), file).isEmpty()) {
          damaged.add(held.entry());
        }
      }
    }
    return damaged;
  }

  /**
   * Throws when a folder that {@code placed} goes into is not ours to write. May be called while
   * another thread applies.
   */
  public synchronized void requireFolders(List<HeldFile> placed) throws RefusedException {
    ManagedFolders folders = new ManagedFolders(layout, files);
    SortedSet<String> needed = new TreeSet<>();
    for (HeldFile file : placed) {
      needed.add(bounds.folderOf(file.path()));
    }
    for (String folder : needed) {
      folders.require(folder);
    }
  }

  /**
   * Makes {@code next} the current generation.
   *
   * @param contents of new and changed files by path; the caller closes them
   * @param rollBack whether a failing action undoes it all; false for removals
   */
  public Outcome activate(Manifest next, Map<String, SecretBytes> contents, boolean rollBack)
      throws IOException {
    Manifest before = current;
    List<String> actions = actions(before, next, contents.keySet());
    generations.stage(before, next, contents, bounds.folders());
    Path stage = generations.folder(next.number());
    for (String name : actions) {
      Optional<String> why = rollBack && action(name).checksStage()
          ? runner.run(action(name).check(), action(name), stage)
          : Optional.empty();
      if (why.isPresent()) {
        DurableFiles.wipeTree(stage);
        return new Outcome.RolledBack(name, why.get());
      }
    }
    PendingActivation pending =
        new PendingActivation(before.number(), next.number(), actions, rollBack);
    pending.write(layout.pending(), files);
    checkpoint.reached(Step.PENDING);
    generations.flip(next.number());
    current = next;
    return confirm(before, pending);
  }

  /** From the flip to the end: keys, reloads, probes, and the way back. */
  private Outcome confirm(Manifest before, PendingActivation pending) throws IOException {
    List<Problem> problems = new ArrayList<>(keys.hold(current));
    List<String> ran = new ArrayList<>();
    for (String name : pending.actions()) {
      ran.add(name);
      Optional<String> why = perform(action(name));
      checkpoint.reached(Step.ACTION_RUN);
      if (why.isPresent() && pending.rollBack()) {
        restore(before, ran);
        return new Outcome.RolledBack(name, why.get());
      }
      why.ifPresent(words -> problems.add(Problem.of("DV553", name, words)));
    }
    problems.addAll(sessions.end(current.ended()));
    finish();
    return new Outcome.Activated(problems);
  }

  private Optional<String> perform(Action action) {
    Path live = Path.of(layout.device().toString());
    Optional<String> why =
        action.checksStage() ? Optional.empty() : runner.run(action.check(), action, live);
    return why.or(() -> runner.run(action.run(), action, live))
        .or(() -> runner.run(action.probe(), action, live));
  }

  private void restore(Manifest before, List<String> ran) throws IOException {
    generations.flip(before.number());
    current = before;
    keys.hold(current)
        .forEach(problem -> log.alarm(problem.code(), problem.subject(), problem.why()));
    for (String name : ran) {
      Optional<String> why = runner.run(action(name).run(), action(name), layout.device());
      why.ifPresent(words -> log.alarm("DV550", name, "also with the generation before: " + words));
    }
    finish();
  }

  private void finish() throws IOException {
    Files.deleteIfExists(layout.pending());
    DurableFiles.sync(layout.state());
    checkpoint.reached(Step.CONFIRMED);
    generations.keepOnly(current.number());
  }

  /** Brings every account's marked block to what the current generation says, and ends sessions of keys that ended. */
  public List<Problem> settle(Instant now) {
    List<Problem> problems = new ArrayList<>(keys.hold(current));
    problems.addAll(
        sessions.end(current.ended().stream().filter(each -> each.isRecent(now)).toList()));
    return problems;
  }

  /** The actions of entries that differ between two generations, or whose files are written anew. */
  private List<String> actions(Manifest before, Manifest next, Set<String> written) {
    SortedSet<String> names = new TreeSet<>();
    Set<EntryId> all = new HashSet<>(before.entries().keySet());
    all.addAll(next.entries().keySet());
    for (EntryId id : all) {
      Optional<InstalledEntry> old = Optional.ofNullable(before.entries().get(id));
      Optional<InstalledEntry> now = Optional.ofNullable(next.entries().get(id));
      boolean anew = now.isPresent()
          && now.get().files().stream().anyMatch(file -> written.contains(file.path()));
      if (anew || !old.equals(now)) {
        old.flatMap(InstalledEntry::action).ifPresent(names::add);
        now.flatMap(InstalledEntry::action).ifPresent(names::add);
      }
    }
    return names.stream().filter(bounds.actions()::containsKey).toList();
  }

  private Action action(String name) {
    return bounds.actions().get(name);
  }
}
