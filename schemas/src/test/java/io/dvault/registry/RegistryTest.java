package io.dvault.registry;

import static io.dvault.registry.Vaults.VAULT;
import static io.dvault.registry.Vaults.authorities;
import static io.dvault.registry.Vaults.authority;
import static io.dvault.registry.Vaults.commit;
import static io.dvault.registry.Vaults.device;
import static io.dvault.registry.Vaults.deviceEntry;
import static io.dvault.registry.Vaults.first;
import static io.dvault.registry.Vaults.generation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.dag.Block;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.dag.HashMapEditor;
import io.dvault.dag.HashMapShape;
import io.dvault.dag.IpldHashMap;
import io.dvault.dag.MalformedBlockException;
import io.dvault.dag.MemoryBlockStore;
import io.dvault.dag.Shards;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RegistryTest {
  private static final DeviceRules RULES = new DeviceRules(
      new TreeMap<>(Map.of("Grant", Duration.ofMinutes(15))),
      Optional.of(new TreeSet<>(Set.of("Grant", "Token"))),
      Optional.of(new TreeSet<>(Set.of("ssh-ed25519"))),
      Optional.of(List.of("/etc/ssh", "/etc/dvault")));

  private final MemoryBlockStore store = new MemoryBlockStore();

  @Test
  void open_built_holdsEverything() {
    RegistryEditor editor = RegistryEditor.empty()
        .rules(RULES)
        .authorities(authorities(
            generation(1, AuthorityStatus.TAINTED), generation(2, AuthorityStatus.ACTIVE)));
    for (int i = 0; i < 500; i++) {
      editor.put(deviceEntry(i, 1));
    }
    Registry registry = commit(store, editor, Optional.empty());
    assertEquals(1, registry.root().epoch());
    assertEquals(RULES, registry.rules());
    assertEquals(2, registry.findAuthority(authority("fleet")).size());
    assertEquals(List.of(), registry.findAuthority(authority("other")));
    assertEquals(500, registry.devices().map(DeviceEntry::device).distinct().count());
    for (int i = 0; i < 500; i++) {
      assertEquals(Optional.of(deviceEntry(i, 1)), registry.findDevice(device(i)));
    }
    assertEquals(Optional.empty(), registry.findDevice(device(500)));
  }

  @Test
  void open_emptyVault_isReadable() {
    Registry registry = commit(store, RegistryEditor.empty(), Optional.empty());
    assertEquals(0, registry.devices().count());
    assertEquals(DeviceRules.NONE, registry.rules());
    assertTrue(registry.authorities().isEmpty());
  }

  @Test
  void open_rootOfAnotherVault_isRefused() {
    Registry registry = first(store, 1);
    VaultId other = new VaultId(Bytes32.sha256("other"));
    assertThrows(MalformedBlockException.class, () -> Registry.open(store, registry.cid(), other));
    assertThrows(
        MalformedBlockException.class,
        () -> Registry.open(store, registry.root().rules(), VAULT));
    Cid raw = new Cid(Codec.RAW, registry.cid().digest());
    assertThrows(MalformedBlockException.class, () -> Registry.open(store, raw, VAULT));
  }

  @Test
  @Tag("T16")
  void findDevice_blockOfAnotherDevice_isRefused() {
    Registry registry = first(store, 3);
    Block stray = RegistryCodec.block(RegistryCodec.encode(deviceEntry(7, 1)));
    store.add(stray);
    Registry forged = forge(registry, CborValue.of(stray.cid()));
    assertThrows(MalformedBlockException.class, () -> forged.findDevice(device(0)));
    assertThrows(MalformedBlockException.class, () -> forged.devices().count());
    assertThrows(
        MalformedBlockException.class, () -> forge(registry, CborValue.NULL).findDevice(device(0)));
  }

  /** A tree that lists {@code value} for device 0, as no editor writes it. */
  private Registry forge(Registry registry, CborValue value) {
    HashMapEditor.Built map = IpldHashMap.open(store, registry.root().devices())
        .edit()
        .put(Registry.key(device(0)), value)
        .build();
    map.newBlocks().forEach(store::add);
    VaultRoot old = registry.root();
    Block root = RegistryCodec.block(RegistryCodec.encode(new VaultRoot(
        old.vault(),
        1,
        Optional.empty(),
        old.at(),
        old.commit(),
        map.root(),
        old.authorities(),
        old.rules())));
    store.add(root);
    return Registry.open(store, root.cid(), VAULT);
  }

  @Test
  @Tag("T17")
  void findDevice_anyBlockMissing_neverSaysAbsent() {
    Registry registry = first(store, 2_000);
    Set<Cid> path = new HashSet<>();
    Registry.open(
            cid -> {
              path.add(cid);
              return store.get(cid);
            },
            registry.cid(),
            VAULT)
        .findDevice(device(9));
    assertTrue(path.size() >= 4, "root, two nodes, device: " + path.size());
    for (Cid cid : path) {
      Block block = store.get(cid);
      store.forget(cid);
      BlockUnavailableException unavailable = assertThrows(
          BlockUnavailableException.class,
          () -> Registry.open(store, registry.cid(), VAULT).findDevice(device(9)));
      assertEquals(cid, unavailable.cid());
      store.add(block);
    }
    assertEquals(Optional.of(deviceEntry(9, 1)), registry.findDevice(device(9)));
  }

  @Test
  @Tag("T17")
  void authoritiesAndRules_blockMissing_throw() {
    Registry registry = first(store, 1);
    store.forget(registry.root().authorities());
    store.forget(registry.root().rules());
    assertThrows(BlockUnavailableException.class, registry::authorities);
    assertThrows(BlockUnavailableException.class, registry::rules);
    assertThrows(
        BlockUnavailableException.class,
        () -> RegistryDiff.between(Optional.empty(), registry).authorities());
  }

  @Test
  void build_oneDeviceOfMany_hasNewBlocksAndShardOfThatPathAlone() {
    Registry before = first(store, 5_000);
    RegistryEditor.Built built = before
        .edit()
        .put(deviceEntry(3, 2))
        .build(VAULT, 2, Optional.of(before.cid()), Vaults.NOW, "");
    assertEquals(built.root(), built.newBlocks().getFirst().cid());
    assertTrue(
        built.newBlocks().size() <= 5,
        "root, up to three nodes, device: " + built.newBlocks().size());
    assertTrue(
        built.newBlocks().contains(RegistryCodec.block(RegistryCodec.encode(deviceEntry(3, 2)))));
    assertEquals(Shards.of(Set.of(Shards.slotOf(device(3).bytes().toArray()))), built.shards());
  }

  @Test
  void build_nothingChanged_hasTheRootAloneAndNoShards() {
    Registry before = first(store, 100);
    RegistryEditor editor = before.edit().authorities(before.authorities()).rules(before.rules());
    for (int i = 0; i < 100; i++) {
      editor.put(deviceEntry(i, 1));
    }
    RegistryEditor.Built built = editor.build(VAULT, 2, Optional.of(before.cid()), Vaults.NOW, "");
    assertEquals(1, built.newBlocks().size());
    assertEquals(Shards.NONE, built.shards());
  }

  /** From many threads and in any order: the same tree, and each new block handed over once. */
  @Test
  void putAndRelease_manyDevices_isTheTreeOfPut() {
    Registry before = first(store, 200);
    RegistryEditor kept = before.edit();
    RegistryEditor released = before.edit();
    Queue<Block> blocks = new ConcurrentLinkedQueue<>();
    IntStream.range(0, 1_000).forEach(i -> kept.put(deviceEntry(i, i < 100 ? 1 : 2)));
    IntStream.range(0, 1_000)
        .boxed()
        .sorted(Comparator.comparing(i -> i * 7919 % 1_000))
        .toList()
        .parallelStream()
        .forEach(
            i -> released.putAndRelease(deviceEntry(i, i < 100 ? 1 : 2)).ifPresent(blocks::add));
    RegistryEditor.Built expected = kept.build(VAULT, 2, Optional.of(before.cid()), Vaults.NOW, "");
    RegistryEditor.Built built =
        released.build(VAULT, 2, Optional.of(before.cid()), Vaults.NOW, "");
    assertEquals(expected.root(), built.root());
    assertEquals(expected.shards(), built.shards());
    assertEquals(900, blocks.size(), "without the 100 that did not change");
    Set<Block> all = new HashSet<>(built.newBlocks());
    all.addAll(blocks);
    assertEquals(Set.copyOf(expected.newBlocks()), all);
  }

  @Test
  void build_onAnyHistory_givesTheSameParts() {
    Registry before = first(store, 300);
    RegistryEditor shrink = before.edit();
    for (int i = 100; i < 300; i++) {
      shrink.remove(device(i));
    }
    assertEquals(
        first(new MemoryBlockStore(), 100).root().devices(),
        commit(store, shrink, Optional.of(before)).root().devices());
  }

  @Test
  void build_putThenRemoved_leavesNoBlock() {
    RegistryEditor editor = RegistryEditor.empty().put(deviceEntry(1, 1)).remove(device(1));
    RegistryEditor.Built built = editor.build(VAULT, 1, Optional.empty(), Vaults.NOW, "");
    Set<Cid> ids = built.newBlocks().stream().map(Block::cid).collect(Collectors.toSet());
    assertEquals(4, ids.size(), "root, authorities, rules, empty devices");
    assertEquals(Shards.NONE, built.shards());
  }

  @Test
  void build_withoutTreeBefore_hasTheEmptyMapOfTheSpecification() {
    Registry registry = commit(store, RegistryEditor.empty(), Optional.empty());
    assertEquals(
        HashMapEditor.empty(HashMapShape.DVAULT).build().root(), registry.root().devices());
    assertFalse(store.all().isEmpty());
  }

  @Test
  void build_epochAndPrevDisagree_isRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> RegistryEditor.empty().build(VAULT, 2, Optional.empty(), Vaults.NOW, ""));
    assertThrows(
        IllegalArgumentException.class,
        () -> RegistryEditor.empty().build(VAULT, 1, Optional.empty(), Vaults.NOW, "not a commit"));
  }
}
