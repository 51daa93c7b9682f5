package io.dvault.apply;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import io.dvault.dag.MemoryBlockStore;
import io.dvault.model.AuthorityId;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.model.VaultSalt;
import io.dvault.plan.AuthorityChange;
import io.dvault.plan.Change;
import io.dvault.plan.Plan;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.registry.Acts;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.BannedEntry;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.PublicFacts;
import io.dvault.registry.Registry;
import io.dvault.registry.RegistryDiff;
import io.dvault.registry.RegistryEditor;
import io.dvault.spi.EntryTemplate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tree after a plan, as blocks.
 *
 * @param blocks all that is new, the root first, sealed bundles last
 * @param acts the public summary, out of the difference of the two trees
 */
record NextTree(Cid root, List<Block> blocks, Bytes32 shards, Acts acts) {
  NextTree {
    blocks = List.copyOf(blocks);
  }

  /** @param before where the blocks of the tree before can be read; not read at epoch 1 */
  static NextTree of(
      Plan plan, List<IssuedEntry> issued, RegistrySnapshot base, BlockSource before, VaultSalt salt, String reason) {
    Optional<Registry> old = base.root().map(root -> Registry.open(before, root, plan.base().vault()));
    RegistryEditor editor = old.map(Registry::edit).orElseGet(RegistryEditor::empty);
    changedDevices(plan, issued, base, salt).values().forEach(editor::put);
    if (!plan.authorities().isEmpty()) {
      editor.authorities(authorities(base.authorities(), plan.authorities(), plan.at()));
    }
    plan.rules().ifPresent(rules -> editor.rules(rules.after()));
    RegistryEditor.Built built =
        editor.build(plan.base().vault(), base.epoch() + 1, base.root(), plan.at(), plan.base().gitCommit());

    MemoryBlockStore fresh = new MemoryBlockStore();
    built.newBlocks().forEach(fresh::add);
    List<Cid> freshIds = built.newBlocks().stream().map(Block::cid).toList();
    java.util.Set<Cid> ids = java.util.Set.copyOf(freshIds);
    BlockSource both = cid -> ids.contains(cid) ? fresh.get(cid) : before.get(cid);
    Registry after = Registry.open(both, built.root(), plan.base().vault());
    Acts acts = Acts.of(RegistryDiff.between(old, after), plan.base().gitCommit(), reason);

    List<Block> blocks = new ArrayList<>(built.newBlocks());
    issued.forEach(entry -> blocks.add(entry.sealed()));
    return new NextTree(built.root(), blocks, built.shards(), acts);
  }

  /** The devices that the plan touches, with all that they hold afterwards. */
  static Map<DeviceId, DeviceEntry> changedDevices(
      Plan plan, List<IssuedEntry> issued, RegistrySnapshot base, VaultSalt salt) {
    Map<DeviceId, Map<EntryId, EntryRecord>> devices = new HashMap<>();
    for (Change change : plan.changes()) {
      switch (change) {
        case Change.Issue issue -> entries(devices, base, issue.device());
        case Change.Rotate rotate -> { // on another device the old one stays listed as revoked
          if (!rotate.from().equals(rotate.device())) {
            entries(devices, base, rotate.from()).put(rotate.entry(), revoked(rotate.old()));
          }
        }
        case Change.Revoke revoke -> entries(devices, base, revoke.device()).put(revoke.entry(), after(revoke));
        case Change.Keep keep -> { } // stays as it is
      }
    }
    for (IssuedEntry entry : issued) {
      Change.Issuing change = entry.change();
      Map<EntryId, EntryRecord> entries = entries(devices, base, change.device());
      BannedEntry.movedAside(salt, change.entry(), entries).ifPresent(old -> entries.put(old.id(), old.record()));
      entries.put(change.entry(), record(entry, salt));
    }
    Map<DeviceId, DeviceEntry> changed = new TreeMap<>();
    devices.forEach((id, entries) -> changed.put(id, DeviceEntry.of(id, entries)));
    return changed;
  }

  private static Map<EntryId, EntryRecord> entries(
      Map<DeviceId, Map<EntryId, EntryRecord>> devices, RegistrySnapshot base, DeviceId device) {
    return devices.computeIfAbsent(device, id -> Optional.ofNullable(base.devices().get(id))
        .map(entry -> new HashMap<>(entry.entries()))
        .orElseGet(HashMap::new));
  }

  private static EntryRecord record(IssuedEntry entry, VaultSalt salt) {
    Change.Issuing change = entry.change();
    return new EntryRecord(
        change.generation(),
        change.desired().address().kind(),
        change.spec(),
        Optional.of(entry.sealed().cid()),
        facts(change, entry.publicPart()).encrypt(salt, change.entry(), change.generation()),
        entry.validity(),
        EntryStatus.ACTIVE,
        change.serial());
  }

  /** What whoever has the repository may read of it later, also when git has forgotten. */
  static PublicFacts facts(Change.Issuing change, byte[] part) {
    EntryTemplate template = change.desired().template();
    return PublicFacts.of(template.address(), template.protect(), change.canonical().encoded(), part);
  }

  static EntryRecord revoked(EntryRecord old) {
    return ended(old, EntryStatus.REVOKED);
  }

  /** The record that a revocation leaves. */
  static EntryRecord after(Change.Revoke revoke) {
    return ended(revoke.old(), revoke.bans() ? EntryStatus.BANNED : EntryStatus.REVOKED);
  }

  private static EntryRecord ended(EntryRecord old, EntryStatus status) {
    return new EntryRecord(old.generation(), old.kind(), old.spec(), Optional.empty(), old.publicPart(),
        old.validity(), status, old.serial());
  }

  static SortedMap<AuthorityId, List<AuthorityRecord>> authorities(
      Map<AuthorityId, List<AuthorityRecord>> before, List<AuthorityChange> changes, Instant since) {
    SortedMap<AuthorityId, List<AuthorityRecord>> next = new TreeMap<>(before);
    for (AuthorityChange change : changes) {
      List<AuthorityRecord> generations = new ArrayList<>(next.getOrDefault(change.id(), List.of()));
      generations.removeIf(record -> record.generation() == change.generation());
      generations.add(
          new AuthorityRecord(change.generation(), change.type(), change.publicPart(), change.to(), since));
      generations.sort(Comparator.comparingLong(AuthorityRecord::generation));
      next.put(change.id(), List.copyOf(generations));
    }
    return next;
  }
}
