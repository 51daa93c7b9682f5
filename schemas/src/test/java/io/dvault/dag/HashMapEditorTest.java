package io.dvault.dag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.Cid;
import io.dvault.model.Bytes32;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashMapEditorTest {

  @ParameterizedTest
  @CsvSource({"8, 3", "5, 3", "3, 1", "4, 2", "11, 4"})
  void build_afterAnyHistory_givesTheRootOfTheSameEntriesBuiltAtOnce(int bitWidth, int bucketSize) {
    HashMapShape shape = new HashMapShape(bitWidth, bucketSize);
    Random random = new Random(bitWidth);
    Map<CborBytes, CborValue> model = new TreeMap<>();
    HashMapEditor.Built built = Trees.build(shape, model);
    MemoryBlockStore store = Trees.store(built.newBlocks());
    for (int round = 0; round < 40; round++) {
      IpldHashMap before = IpldHashMap.openAnyShape(store, built.root());
      HashMapEditor editor = HashMapEditor.of(before);
      Set<CborBytes> touched = change(editor, model, random, round);
      built = editor.build();

      assertEquals(Trees.build(shape, model).root(), built.root(), "round " + round);
      Set<Block> old = new HashSet<>(store.all());
      assertTrue(
          built.newBlocks().stream().noneMatch(block -> reachable(before).contains(block)),
          "only new blocks");
      built.newBlocks().forEach(store::add);
      IpldHashMap after = IpldHashMap.openAnyShape(store, built.root());
      assertEquals(model, Trees.entries(after));
      Set<Block> needed = new HashSet<>(reachable(after));
      assertTrue(needed.containsAll(built.newBlocks()), "no block that nobody needs");
      needed.removeAll(built.newBlocks());
      assertTrue(old.containsAll(needed), "every block is an old or a new one");
      assertEquals(slotsOf(touched, before, after, bitWidth), new TreeSet<>(built.changedSlots()));
    }
    assertTrue(model.isEmpty(), "the last rounds take everything away again");
    assertEquals(Trees.build(shape, Map.of()).root(), built.root());
  }

  @ParameterizedTest
  @CsvSource({"8, 3, 5000", "3, 1, 700", "8, 3, 2", "8, 3, 0"})
  void stream_inParallel_givesEachEntryOnce(int bitWidth, int bucketSize, int size) {
    Map<CborBytes, CborValue> model = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      model.put(CborValue.of(BigInteger.valueOf(i).toByteArray()), CborValue.of(i));
    }
    HashMapEditor.Built built = Trees.build(new HashMapShape(bitWidth, bucketSize), model);
    IpldHashMap map = IpldHashMap.openAnyShape(Trees.store(built.newBlocks()), built.root());
    List<HashMapEntry> walked = new ArrayList<>();
    map.iterator().forEachRemaining(walked::add);
    assertEquals(walked, map.stream().toList(), "one after the other, in the iterator's order");
    List<HashMapEntry> parallel = map.stream().parallel().toList();
    assertEquals(size, parallel.size());
    assertEquals(new HashSet<>(walked), new HashSet<>(parallel));
  }

  /** Grows for 25 rounds, then shrinks to nothing. */
  private static Set<CborBytes> change(
      HashMapEditor editor, Map<CborBytes, CborValue> model, Random random, int round) {
    Set<CborBytes> touched = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      CborBytes key = Trees.key("key " + random.nextInt(600));
      if (random.nextInt(25) < (round < 25 ? 18 : 0)) {
        CborValue value = CborValue.of(random.nextInt(3));
        editor.put(key, value);
        model.put(key, value);
      } else {
        editor.remove(key);
        model.remove(key);
      }
      touched.add(key);
    }
    if (round == 39) {
      touched.addAll(model.keySet());
      List.copyOf(model.keySet()).forEach(editor::remove);
      model.clear();
    }
    return touched;
  }

  private static Set<Integer> slotsOf(
      Set<CborBytes> touched, IpldHashMap before, IpldHashMap after, int bitWidth) {
    Set<Integer> slots = new TreeSet<>();
    for (CborBytes key : touched) {
      if (!before.find(key).equals(after.find(key))) {
        slots.add(HashPath.slotOf(Bytes32.sha256(key.value()), 0, bitWidth));
      }
    }
    return slots;
  }

  /** Every block of a map, found by walking it. */
  private static Set<Block> reachable(IpldHashMap map) {
    Set<Block> blocks = new HashSet<>();
    BlockSource recording = cid -> {
      Block block = map.source().get(cid);
      blocks.add(block);
      return block;
    };
    IpldHashMap.openAnyShape(recording, map.cid())
        .forEach(entry -> assertFalse(entry.key().length() == 0));
    return blocks;
  }

  @Test
  void build_oneKeyOfMany_readsAndWritesItsPathAlone() {
    HashMapEditor.Built first = Trees.build(HashMapShape.DVAULT, Trees.random(1, 20_000));
    MemoryBlockStore store = Trees.store(first.newBlocks());
    AtomicInteger reads = new AtomicInteger();
    BlockSource counting = cid -> {
      reads.incrementAndGet();
      return store.get(cid);
    };
    HashMapEditor editor = IpldHashMap.open(counting, first.root()).edit();
    HashMapEditor.Built built =
        editor.put(Trees.key("one more"), CborValue.NULL).build();
    assertTrue(reads.get() <= 3, "read " + reads);
    assertTrue(built.newBlocks().size() <= 3, "wrote " + built.newBlocks().size());
    assertEquals(built.root(), built.newBlocks().getFirst().cid());
    assertEquals(List.of(Shards.slotOf(Trees.key("one more").value())), built.changedSlots());
  }

  @Test
  void build_withoutAnyEffect_hasNoNewBlocks() {
    Map<CborBytes, CborValue> entries = Trees.random(2, 2_000);
    HashMapEditor.Built first = Trees.build(HashMapShape.DVAULT, entries);
    HashMapEditor editor =
        IpldHashMap.open(Trees.store(first.newBlocks()), first.root()).edit();
    entries.forEach(editor::put);
    editor.remove(Trees.key("never there"));
    assertEquals(new HashMapEditor.Built(first.root(), List.of(), List.of()), editor.build());
  }

  @Test
  void build_manyThreadsPut_isTheSame() throws Exception {
    Map<CborBytes, CborValue> entries = Trees.random(3, 5_000);
    HashMapEditor editor = HashMapEditor.empty(HashMapShape.DVAULT);
    List<Thread> threads = new ArrayList<>();
    List<Map.Entry<CborBytes, CborValue>> list = List.copyOf(entries.entrySet());
    for (int part = 0; part < 4; part++) {
      int first = part;
      threads.add(Thread.ofPlatform().start(() -> {
        for (int i = first; i < list.size(); i += 4) {
          editor.put(list.get(i).getKey(), list.get(i).getValue());
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(
        Trees.build(HashMapShape.DVAULT, entries).root(), editor.build().root());
  }

  /** So many changes are made by all cores, slot by slot. */
  @Test
  void build_manyChangesAtOnce_isWhatAFewAtATimeGive() {
    Map<CborBytes, CborValue> entries = Trees.random(4, 20_000);
    HashMapEditor.Built first = Trees.build(HashMapShape.DVAULT, entries);
    MemoryBlockStore store = Trees.store(first.newBlocks());
    List<CborBytes> keys = List.copyOf(entries.keySet()).subList(0, 9_000);
    HashMapEditor atOnce = IpldHashMap.open(store, first.root()).edit();
    Cid root = first.root();
    for (int from = 0; from < keys.size(); from += 1_000) {
      HashMapEditor few = IpldHashMap.open(store, root).edit();
      for (HashMapEditor editor : List.of(atOnce, few)) {
        keys.subList(from, from + 500).forEach(editor::remove);
        keys.subList(from + 500, from + 1_000)
            .forEach(key -> editor.put(key, CborValue.of("changed")));
      }
      HashMapEditor.Built built = few.build();
      built.newBlocks().forEach(store::add);
      root = built.root();
    }
    HashMapEditor.Built built = atOnce.build();
    assertEquals(root, built.root());
    assertEquals(root, built.newBlocks().getFirst().cid());
    Set<Cid> seen = new HashSet<>();
    for (Block block : built.newBlocks()) {
      assertTrue(
          DagWalk.links(block).stream().noneMatch(seen::contains), "parents come before children");
      seen.add(block.cid());
    }
    Set<Block> needed = reachable(IpldHashMap.open(store, root));
    needed.removeAll(first.newBlocks());
    assertEquals(needed, Set.copyOf(built.newBlocks()));
    for (int i = 0; i < 5; i++) {
      assertEquals(built, atOnce.build(), "in the same order, whichever core was faster");
    }
  }

  @Test
  void build_nodeOverOneMebibyte_isRefused() {
    HashMapEditor editor = HashMapEditor.empty(HashMapShape.DVAULT);
    for (int i = 0; i < 3; i++) {
      editor.put(Trees.key("k" + i), CborValue.of(new byte[600_000]));
    }
    assertThrows(IllegalArgumentException.class, editor::build);
  }

  @Test
  void forEach_twoTrees_tellsEachDifferenceOnceAndReadsNoEqualSubtree() {
    Map<CborBytes, CborValue> old = Trees.random(5, 4_000);
    Map<CborBytes, CborValue> now = new TreeMap<>(old);
    Random random = new Random(6);
    for (CborBytes key : old.keySet()) {
      switch (random.nextInt(40)) {
        case 0 -> now.remove(key);
        case 1 -> now.put(key, CborValue.NULL);
        default -> assertTrue(now.containsKey(key));
      }
    }
    Trees.random(7, 50).forEach(now::put);
    HashMapEditor.Built a = Trees.build(HashMapShape.DVAULT, old);
    HashMapEditor.Built b = Trees.build(HashMapShape.DVAULT, now);
    checkDifference(a, old, b, now);
    checkDifference(b, now, a, old);
    HashMapEditor.Built none = Trees.build(HashMapShape.DVAULT, Map.of());
    checkDifference(none, Map.of(), b, now);
    checkDifference(b, now, none, Map.of());
    checkDifference(a, old, a, old);
  }

  private static void checkDifference(
      HashMapEditor.Built a,
      Map<CborBytes, CborValue> old,
      HashMapEditor.Built b,
      Map<CborBytes, CborValue> now) {
    Set<Block> common = new HashSet<>(a.newBlocks());
    common.retainAll(b.newBlocks());
    MemoryBlockStore store = Trees.store(a.newBlocks());
    b.newBlocks().forEach(store::add);
    IpldHashMap before = IpldHashMap.open(store, a.root());
    IpldHashMap after = IpldHashMap.open(store, b.root());
    common.forEach(block -> store.forget(block.cid()));
    Map<CborBytes, HashMapDiff.Difference> told = new TreeMap<>();
    HashMapDiff.forEach(
        before, after, next -> assertTrue(told.put(next.key(), next) == null, "told twice"));
    Map<CborBytes, HashMapDiff.Difference> expected = new TreeMap<>();
    Set<CborBytes> keys = new TreeSet<>(old.keySet());
    keys.addAll(now.keySet());
    for (CborBytes key : keys) {
      Optional<CborValue> was = Optional.ofNullable(old.get(key));
      Optional<CborValue> is = Optional.ofNullable(now.get(key));
      if (!was.equals(is)) {
        expected.put(key, new HashMapDiff.Difference(key, was, is));
      }
    }
    assertEquals(expected, told);
  }

  @Test
  void shards_setOfSlots_isABigEndianNumber() {
    Bytes32 shards = Shards.of(List.of(0, 9, 255));
    assertEquals("8" + "0".repeat(59) + "0201", shards.hex());
    assertTrue(
        Shards.contains(shards, 0) && Shards.contains(shards, 9) && Shards.contains(shards, 255));
    assertFalse(
        Shards.contains(shards, 1) || Shards.contains(shards, 8) || Shards.contains(shards, 254));
  }

  @Test
  void slotOf_anyWidth_takesTheBitsFromTheLeft() {
    Bytes32 hash = Bytes32.sha256("bits");
    String bits = new BigInteger(1, hash.toArray()).toString(2);
    bits = "0".repeat(256 - bits.length()) + bits;
    for (int width = 3; width <= 16; width++) {
      for (int depth = 0; depth < 256 / width; depth++) {
        int expected = Integer.parseInt(bits.substring(depth * width, (depth + 1) * width), 2);
        assertEquals(expected, HashPath.slotOf(hash, depth, width), width + " at " + depth);
      }
    }
  }
}
