package io.dvault.apply;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import io.dvault.dag.DagWalk;
import io.dvault.gateway.NewSubtree;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultSalt;
import io.dvault.plan.AuthorityTransition;
import io.dvault.plan.Change;
import io.dvault.plan.Plan;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.registry.Acts;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.Registry;
import io.dvault.registry.RegistryDiff;
import io.dvault.registry.RegistryEditor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    Optional<Registry> old =
        base.root().map(root -> Registry.open(before, root, plan.base().vault()));
    RegistryEditor editor = old.map(Registry::edit).orElseGet(RegistryEditor::empty);
    TreeWriter devices = new TreeWriter(issuing, editor, out, salt);
    devices.write(DeviceWork.of(plan, base), progress);
    if (!plan.authorities().isEmpty()) {
      editor.authorities(
          AuthorityTransition.applied(base.authorities(), plan.authorities(), plan.at()));
    }
    plan.rules().ifPresent(rules -> editor.rules(rules.after()));
    RegistryEditor.Built built = editor.build(
        plan.base().vault(),
        base.epoch() + 1,
        base.root(),
        plan.at(),
        plan.base().gitCommit());
    built.newBlocks().forEach(out);

    Map<Cid, Block> nodes =
        built.newBlocks().stream().collect(Collectors.toMap(Block::cid, block -> block));
    BlockSource both = cid -> nodes.containsKey(cid) ? nodes.get(cid) : before.get(cid);
    Registry after = Registry.open(both, built.root(), plan.base().vault());
    Acts acts =
        devices.acts().acts(RegistryDiff.between(old, after), plan.base().gitCommit(), reason);
    return new NextTree(
        built.root(),
        fresh(nodes.get(built.root()), nodes, devices.subtrees()),
        built.shards(),
        acts);
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

  static EntryRecord revoked(EntryRecord old) {
    return old.ended(EntryStatus.REVOKED);
  }

  /** The record that a revocation leaves. */
  static EntryRecord after(Change.Revoke revoke) {
    return revoke.old().ended(revoke.bans() ? EntryStatus.BANNED : EntryStatus.REVOKED);
  }
}
