package io.dvault.apply;

import io.dvault.bundle.Recipient;
import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.gateway.NewSubtree;
import io.dvault.model.EntryId;
import io.dvault.model.VaultSalt;
import io.dvault.plan.Change;
import io.dvault.registry.Acts;
import io.dvault.registry.DeviceChange;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.RegistryEditor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Issues device by device on all cores and lets go of what was made at once: a sealed bundle goes to the stores as soon
 * as it is sealed, and a device's block as soon as all that the device holds is there.
 */
final class TreeWriter {
  private static final int PIECE = 64;

  private final Issuing issuing;
  private final RegistryEditor editor;
  private final Consumer<Block> out;
  private final VaultSalt salt;
  private final Acts.Counter acts = new Acts.Counter();
  private final Map<Cid, NewSubtree> subtrees = new ConcurrentHashMap<>();

  /** @param out takes new blocks from any thread */
  TreeWriter(Issuing issuing, RegistryEditor editor, Consumer<Block> out, VaultSalt salt) {
    this.issuing = issuing;
    this.editor = editor;
    this.out = out;
    this.salt = salt;
  }

  /** Entries that carry others' public parts come after those others. */
  void write(List<DeviceWork> devices, ApplyProgress progress) {
    long all = devices.stream().mapToLong(DeviceWork::issues).sum();
    AtomicLong done = new AtomicLong();
    Runnable count = () -> progress.issued(done.incrementAndGet(), all);
    onAllCores(devices, device -> {
      issue(device, device.issuing(false), count);
      if (device.issuing(true).isEmpty()) {
        finish(device);
      }
    });
    onAllCores(
        devices.stream().filter(device -> !device.issuing(true).isEmpty()).toList(), device -> {
          issue(device, device.issuing(true), count);
          finish(device);
        });
  }

  /**
   * Whoever is done with a piece takes the next one. A parallel stream deals out quarters on two
   * cores, and one core has
   * nothing to do at the end for as long as the other one's last quarter takes.
   */
  private static void onAllCores(List<DeviceWork> devices, Consumer<DeviceWork> work) {
    AtomicInteger next = new AtomicInteger();
    IntStream.rangeClosed(0, ForkJoinPool.getCommonPoolParallelism()).parallel().forEach(core -> {
      try {
        for (int from = next.getAndAdd(PIECE);
            from < devices.size();
            from = next.getAndAdd(PIECE)) {
          devices.subList(from, Math.min(devices.size(), from + PIECE)).forEach(work);
        }
      } finally {
        next.set(devices.size()); // whatever was thrown, nobody goes on
      }
    });
  }

  private void issue(DeviceWork device, List<Change.Issuing> changes, Runnable count) {
    if (changes.isEmpty()) {
      return;
    }
    Recipient recipient =
        issuing.recipient(changes.getFirst()); // one for all: a device's id is its recipient's hash
    for (Change.Issuing change : changes) {
      IssuedEntry issued = issuing.issue(change, recipient);
      out.accept(issued.sealed());
      device.issued(salt, change.entry(), record(issued), issued.sealed().bytes().length);
      count.run();
    }
  }

  private EntryRecord record(IssuedEntry issued) {
    Change.Issuing change = issued.change();
    EntryId entry = change.entry();
    return new EntryRecord(
        change.generation(),
        change.desired().address().kind(),
        change.spec(),
        Optional.of(issued.sealed().cid()),
        change.facts(issued.publicPart()).encrypt(salt, entry, change.generation()),
        issued.validity(),
        EntryStatus.ACTIVE,
        change.serial());
  }

  private void finish(DeviceWork device) {
    DeviceEntry after = device.after();
    acts.add(DeviceChange.between(device.before(), Optional.of(after)));
    editor.putAndRelease(after).ifPresent(block -> {
      out.accept(block);
      subtrees.put(block.cid(), device.subtree(block.cid(), block.bytes().length));
    });
    device.release();
  }

  Acts.Counter acts() {
    return acts;
  }

  /** The new device blocks by id. */
  Map<Cid, NewSubtree> subtrees() {
    return subtrees;
  }
}
