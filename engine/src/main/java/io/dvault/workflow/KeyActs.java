package io.dvault.workflow;

import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.ledger.Commit;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.VaultId;
import io.dvault.model.VaultSalt;
import io.dvault.registry.Acts;
import io.dvault.registry.EntryChange;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.KeyAction;
import io.dvault.registry.PublicFacts;
import io.dvault.registry.Registry;
import io.dvault.registry.RegistryDiff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Each single key act of a commit, out of the blocks: what the chain's summary only counts
 * (docs/requirements.md O1).
 *
 * @param asTold whether the summary on the chain tells of exactly these acts (docs/threat-model.md
 *     T36)
 * @param names what the registry remembers of these entries for holders of the salt, also where git does not
 */
public record KeyActs(List<KeyAct> acts, boolean asTold, Map<EntryId, EntryAddress> names) {
  /** @param generation the entry's new one, or its last when it went */
  public record KeyAct(
      KeyAction action, String kind, EntryId entry, DeviceId device, long generation) {}

  /** Compares the two trees of a commit; empty when a block of theirs is not to be had any more. */
  public static Optional<KeyActs> find(
      BlockSource blocks, VaultId vault, History.Entry entry, Optional<VaultSalt> salt) {
    Commit commit = entry.commit();
    try {
      Registry after = Registry.open(blocks, Registry.rootCid(commit.root()), vault);
      Optional<Registry> before = commit.epoch() == 1
          ? Optional.empty()
          : Optional.of(Registry.open(blocks, Registry.rootCid(commit.prevRoot()), vault));
      RegistryDiff diff = RegistryDiff.between(before, after);
      List<KeyAct> found = new ArrayList<>();
      Map<EntryId, EntryAddress> names = new HashMap<>();
      salt.ifPresent(known -> diff.devices()
          .forEach(device -> device
              .entries()
              .forEach(change ->
                  name(known, change).ifPresent(address -> names.put(change.entry(), address)))));
      diff.devices()
          .forEach(device -> device
              .entries()
              .forEach(change -> change
                  .acts()
                  .forEach((kind, action) -> found.add(new KeyAct(
                      action, kind, change.entry(), device.device(), generation(change))))));
      boolean asTold = entry.acts().filter(told -> tells(told, found, diff)).isPresent();
      return Optional.of(new KeyActs(List.copyOf(found), asTold, names));
    } catch (BlockUnavailableException e) {
      return Optional.empty();
    }
  }

  private static long generation(EntryChange change) {
    return record(change).generation();
  }

  private static EntryRecord record(EntryChange change) {
    return switch (change) {
      case EntryChange.Added added -> added.after();
      case EntryChange.Changed changed -> changed.after();
      case EntryChange.Removed removed -> removed.before();
    };
  }

  /** Only the name that the id was made of: whoever wrote the record may have written anything. */
  private static Optional<EntryAddress> name(VaultSalt salt, EntryChange change) {
    return PublicFacts.decrypt(salt, change.entry(), record(change))
        .flatMap(PublicFacts::address)
        .filter(address -> EntryId.of(salt, address).equals(change.entry()));
  }

  private static boolean tells(Acts told, List<KeyAct> found, RegistryDiff diff) {
    TreeMap<String, TreeMap<KeyAction, Long>> counts = new TreeMap<>();
    found.forEach(act -> counts
        .computeIfAbsent(act.kind(), unused -> new TreeMap<>())
        .merge(act.action(), 1L, Long::sum));
    return told.keys().equals(counts) && told.matchesAuthorities(diff);
  }
}
