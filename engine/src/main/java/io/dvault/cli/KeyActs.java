package io.dvault.cli;

import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.ledger.Commit;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.model.VaultId;
import io.dvault.registry.Acts;
import io.dvault.registry.EntryChange;
import io.dvault.registry.KeyAction;
import io.dvault.registry.Registry;
import io.dvault.registry.RegistryDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Each single key act of a commit, out of the blocks: what the chain's summary only counts (FEATURES O1).
 *
 * @param asTold whether the summary on the chain tells of exactly these acts (SECURITY T36)
 */
record KeyActs(List<KeyAct> acts, boolean asTold) {
  /** @param generation the entry's new one, or its last when it went */
  record KeyAct(KeyAction action, String kind, EntryId entry, DeviceId device, long generation) {}

  /** Compares the two trees of a commit; empty when a block of theirs is not to be had any more. */
  static Optional<KeyActs> find(BlockSource blocks, VaultId vault, History.Entry entry) {
    Commit commit = entry.commit();
    try {
      Registry after = Registry.open(blocks, Registry.rootCid(commit.root()), vault);
      Optional<Registry> before = commit.epoch() == 1
          ? Optional.empty()
          : Optional.of(Registry.open(blocks, Registry.rootCid(commit.prevRoot()), vault));
      RegistryDiff diff = RegistryDiff.between(before, after);
      List<KeyAct> found = new ArrayList<>();
      diff.devices().forEach(device -> device.entries().forEach(change -> change.acts().forEach((kind, action) ->
          found.add(new KeyAct(action, kind, change.entry(), device.device(), generation(change))))));
      return Optional.of(new KeyActs(List.copyOf(found), entry.acts().filter(told -> tells(told, found, diff)).isPresent()));
    } catch (BlockUnavailableException e) {
      return Optional.empty();
    }
  }

  private static long generation(EntryChange change) {
    return switch (change) {
      case EntryChange.Added added -> added.after().generation();
      case EntryChange.Changed changed -> changed.after().generation();
      case EntryChange.Removed removed -> removed.before().generation();
    };
  }

  private static boolean tells(Acts told, List<KeyAct> found, RegistryDiff diff) {
    TreeMap<String, TreeMap<KeyAction, Long>> counts = new TreeMap<>();
    found.forEach(act ->
        counts.computeIfAbsent(act.kind(), unused -> new TreeMap<>()).merge(act.action(), 1L, Long::sum));
    return told.keys().equals(counts) && told.matchesAuthorities(diff);
  }
}
