package io.dvault.apply;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import io.dvault.dag.DagWalk;
import io.dvault.gateway.NewSubtree;
import io.dvault.model.AuthorityId;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultSalt;
import io.dvault.plan.AuthorityChange;
import io.dvault.plan.Change;
import io.dvault.plan.Plan;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.registry.Acts;
import io.dvault.registry.AuthorityRecord;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The tree after a plan, whose blocks are on their way to the stores.
 *
 * @param fresh the root with all that is new below it
 * @param acts the public summary: the difference of the two trees
 */
record NextTree(Cid root, NewSubtree fresh, Bytes32 shards, Acts acts) {

  /**
   * Issues and seals everything.
   *
   * @param before where the blocks of the tree before can be read; not read at epoch 1
   * @param out takes each new block once, from any thread
   */
  static NextTree write(
      Plan plan,
      Issuing issuing,
      RegistrySnapshot base,
      BlockSource before,
      VaultSalt salt,
      String reason,
      Consumer<Block> out,
      ApplyProgress progress) {
    Optional<Registry> old = base.root().map(root -> Registry.open(before, root, plan.base().vault()));
    RegistryEditor editor = old.map(Registry::edit).orElseGet(RegistryEditor::empty);
    TreeWriter devices = new TreeWriter(issuing, editor, out, salt);
    devices.write(DeviceWork.of(plan, base), progress);
    if (!plan.authorities().isEmpty()) {
      editor.authorities(authorities(base.authorities(), plan.authorities(), plan.at()));
    }
    plan.rules().ifPresent(rules -> editor.rules(rules.after()));
    RegistryEditor.Built built =
        editor.build(plan.base().vault(), base.epoch() + 1, base.root(), plan.at(), plan.base().gitCommit());
    built.newBlocks().forEach(out);

    Map<Cid, Block> nodes = built.newBlocks().stream().collect(Collectors.toMap(Block::cid, block -> block));
    BlockSource both = cid -> nodes.containsKey(cid) ? nodes.get(cid) : before.get(cid);
    Registry after = Registry.open(both, built.root(), plan.base().vault());
    Acts acts = devices.acts().acts(RegistryDiff.between(old, after), plan.base().gitCommit(), reason);
    return new NextTree(built.root(), fresh(nodes.get(built.root()), nodes, devices.subtrees()), built.shards(), acts);
  }

  /** Recursion ends: nodes are no deeper than the HashMap below the root. */
  private static NewSubtree fresh(Block node, Map<Cid, Block> nodes, Map<Cid, NewSubtree> devices) {
    List<NewSubtree> below = new ArrayList<>();
    boolean oldNodes = false;
    for (Cid link : DagWalk.links(node)) {
      if (devices.containsKey(link)) {
        below.add(devices.get(link));
      } else if (nodes.containsKey(link)) {
        below.add(fresh(nodes.get(link), nodes, devices));
      } else {
        oldNodes = true;
      }
    }
    return NewSubtree.of(node.cid(), node.bytes().length, below, 0, oldNodes);
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
