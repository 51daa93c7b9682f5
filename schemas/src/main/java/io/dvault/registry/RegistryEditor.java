package io.dvault.registry;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.HashMapEditor;
import io.dvault.dag.HashMapShape;
import io.dvault.dag.Shards;
import io.dvault.model.AuthorityId;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.VaultId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the next tree out of the one before. {@link #put} encodes and hashes in the calling thread, so many threads may
 * put at once; {@link #build} is for one thread, after them.
 */
public final class RegistryEditor {
  private final Optional<Registry> before;
  private final HashMapEditor devices;
  private final Map<DeviceId, Block> deviceBlocks = new ConcurrentHashMap<>();
  private Optional<SortedMap<AuthorityId, List<AuthorityRecord>>> authorities = Optional.empty();
  private Optional<DeviceRules> rules = Optional.empty();

  /**
   * The next tree.
   *
   * @param newBlocks what the tree before did not have, the root first; sealed bundles are not among them, nor is what
   *     was released
   * @param shards the first-level slots of the devices map that changed (see Shards)
   */
  public record Built(Cid root, List<Block> newBlocks, Bytes32 shards) {
    public Built {
      newBlocks = List.copyOf(newBlocks);
    }
  }

  private RegistryEditor(Optional<Registry> before, HashMapEditor devices) {
    this.before = before;
    this.devices = devices;
  }

  /** Starts from no tree, as epoch 1 does. */
  public static RegistryEditor empty() {
    return new RegistryEditor(Optional.empty(), HashMapEditor.empty(HashMapShape.DVAULT));
  }

  public static RegistryEditor of(Registry before) {
    return new RegistryEditor(Optional.of(before), HashMapEditor.of(before.deviceMap()));
  }

  /** Sets everything that the device holds; its block waits for {@link #build}. */
  public RegistryEditor put(DeviceEntry device) {
    deviceBlocks.put(device.device(), set(device));
    return this;
  }

  /**
   * Sets everything that the device holds, once, and hands its block to the caller instead of keeping it for {@link
   * #build}. Empty when the tree before has just that block.
   */
  public Optional<Block> putAndRelease(DeviceEntry device) {
    return Optional.of(set(device)).filter(block -> isNew(device.device(), block));
  }

  private Block set(DeviceEntry device) {
    Block block = RegistryCodec.block(RegistryCodec.encode(device));
    devices.put(Registry.key(device.device()), CborValue.of(block.cid()));
    return block;
  }

  private boolean isNew(DeviceId device, Block block) {
    return before.isEmpty() || !before.get().holds(device, block.cid());
  }

  public RegistryEditor remove(DeviceId device) {
    deviceBlocks.remove(device);
    devices.remove(Registry.key(device));
    return this;
  }

  /** Sets all authorities; each has at least one generation, ascending. */
  public RegistryEditor authorities(SortedMap<AuthorityId, List<AuthorityRecord>> next) {
    authorities = Optional.of(new TreeMap<>(next));
    return this;
  }

  public RegistryEditor rules(DeviceRules next) {
    rules = Optional.of(next);
    return this;
  }

  /**
   * The next tree. What was not set stays as in the tree before, or empty.
   *
   * @param prev the root before, empty at epoch 1
   * @param at whole seconds count
   * @param commit git commit id in hex, or empty
   */
  public Built build(VaultId vault, long epoch, Optional<Cid> prev, Instant at, String commit) {
    HashMapEditor.Built tree = devices.build();
    List<Block> blocks = new ArrayList<>();
    Optional<VaultRoot> old = before.map(Registry::root);
    Cid authorityRoot = part(
        authorities.map(RegistryCodec::encode),
        old.map(VaultRoot::authorities),
        RegistryCodec.encode(new TreeMap<>()),
        blocks);
    Cid ruleRoot = part(
        rules.map(RegistryCodec::encode),
        old.map(VaultRoot::rules),
        RegistryCodec.encode(DeviceRules.NONE),
        blocks);
    VaultRoot root =
        new VaultRoot(vault, epoch, prev, at, commit, tree.root(), authorityRoot, ruleRoot);
    Block rootBlock = RegistryCodec.block(RegistryCodec.encode(root));
    blocks.addFirst(rootBlock);
    blocks.addAll(tree.newBlocks());
    deviceBlocks.entrySet().stream()
        .filter(put -> isNew(put.getKey(), put.getValue()))
        .sorted(Map.Entry.comparingByKey())
        .forEach(put -> blocks.add(put.getValue()));
    return new Built(rootBlock.cid(), blocks, Shards.of(tree.changedSlots()));
  }

  private static Cid part(
      Optional<? extends CborValue> next, Optional<Cid> old, CborValue empty, List<Block> blocks) {
    if (next.isEmpty() && old.isPresent()) {
      return old.get();
    }
    Block block = RegistryCodec.block(next.isPresent() ? next.get() : empty);
    if (old.isEmpty() || !old.get().equals(block.cid())) {
      blocks.add(block);
    }
    return block.cid();
  }
}
