package io.dvault.dag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.CborValue.CborLink;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.model.Bytes32;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Trees whose hashes are right and whose form is wrong: each mutation is found, and named. */
@Tag("T16")
class MalformedHashMapTest {
  private final Map<CborBytes, CborValue> entries = Trees.random(11, 1_500);
  private final HashMapEditor.Built built = Trees.build(HashMapShape.DVAULT, entries);
  private final MemoryBlockStore store = Trees.store(built.newBlocks());

  static Stream<Arguments> mutationsOfANode() {
    return Stream.of(
        mutation(
            "bitmap counts",
            "a bit too many",
            node -> withBitmap(node, map -> map[firstFree(map)] |= (byte) free(map))),
        mutation(
            "bitmap counts",
            "an element too few",
            node -> node(map(node), data(node).subList(1, data(node).size()))),
        mutation(
            "bitmap has 31 bytes",
            "a short bitmap",
            node -> node(CborValue.of(new byte[31]), data(node))),
        mutation(
            "bitmap has 64 bytes",
            "a wide bitmap",
            node -> node(CborValue.of(new byte[64]), data(node))),
        mutation("a node is [bytes, list]", "no bitmap", node -> node(CborValue.NULL, data(node))),
        mutation(
            "expected a list of two",
            "three parts",
            node -> CborValue.of(List.of(map(node), map(node), map(node)))),
        mutation("expected a list of two", "not a list", node -> CborValue.of(Map.of())),
        mutation(
            "where its hash does not lead",
            "two elements changed places",
            node -> replace(node, list -> Collections.swap(list, 0, 1))),
        mutation(
            "where its hash does not lead",
            "a key of another place",
            node -> replace(node, list -> list.set(0, bucket(entry("stray"))))),
        mutation(
            "a bucket has 1 to 3",
            "an empty bucket",
            node -> replace(node, list -> list.set(0, bucket()))),
        mutation(
            "a bucket has 1 to 3",
            "a bucket too large",
            node -> replace(
                node, list -> list.set(0, bucket(entry("a"), entry("b"), entry("c"), entry("d"))))),
        mutation(
            "out of order",
            "a key twice",
            node -> replace(
                node,
                list -> list.set(
                    0, bucket(items(list.get(0)).getFirst(), items(list.get(0)).getFirst())))),
        mutation(
            "an element is",
            "an element of another kind",
            node -> replace(node, list -> list.set(0, CborValue.of(7)))),
        mutation(
            "a key is bytes",
            "a key of text",
            node -> replace(
                node,
                list ->
                    list.set(0, bucket(CborValue.of(List.of(CborValue.of("k"), CborValue.NULL)))))),
        mutation(
            "expected a list of two",
            "an entry of three",
            node -> replace(
                node,
                list -> list.set(
                    0,
                    bucket(
                        CborValue.of(List.of(CborValue.NULL, CborValue.NULL, CborValue.NULL)))))),
        mutation(
            "a key is bytes",
            "a node inline",
            node -> replace(
                node,
                list -> list.set(
                    0,
                    CborValue.of(
                        List.of(CborValue.of(List.of(CborValue.of(List.of()), CborValue.NULL))))))),
        mutation("no more than a bucket", "a node that fits a bucket", node -> keep(node, 1)),
        mutation(
            "a HashMap node is dag-cbor",
            "a raw link",
            node ->
                replace(node, list -> list.set(0, CborValue.of(Cid.of(Codec.RAW, new byte[0]))))));
  }

  static Stream<Arguments> mutationsOfTheRoot() {
    return Stream.of(
        mutation(
            "HashMap.hashAlg", "another hash", root -> with(root, "hashAlg", CborValue.of(0x13))),
        mutation(
            "HashMap.bucketSize", "no bucket", root -> with(root, "bucketSize", CborValue.of(0))),
        mutation(
            "expected HashMapShape",
            "larger buckets",
            root -> with(root, "bucketSize", CborValue.of(4))),
        mutation("unknown key", "one more key", root -> with(root, "extra", CborValue.NULL)),
        mutation(
            "a bitmap has",
            "an odd bitmap",
            root -> with(root, "hamt", node(CborValue.of(new byte[33]), List.of()))),
        mutation(
            "a bitmap has",
            "an empty bitmap",
            root -> with(root, "hamt", node(CborValue.of(new byte[0]), List.of()))),
        mutation(
            "a bitmap has",
            "no bitmap",
            root -> with(root, "hamt", node(CborValue.NULL, List.of()))),
        mutation(
            "expected HashMapShape",
            "another width",
            root -> with(root, "hamt", node(CborValue.of(new byte[16]), List.of()))),
        mutation("expected a list of two", "no node", root -> with(root, "hamt", CborValue.NULL)),
        mutation(
            "expected a map",
            "a node for a root",
            root -> ((CborMap) root).find("hamt").orElseThrow()));
  }

  private static Arguments mutation(String reason, String name, UnaryOperator<CborValue> change) {
    return Arguments.of(reason, name, change);
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("mutationsOfANode")
  void read_mutatedNode_isRefusedByName(String reason, String name, UnaryOperator<CborValue> change)
      throws Exception {
    int slot = slotOfLargestChild();
    Cid root = withChild(slot, change.apply(DagCbor.decode(child(slot).bytes())));
    MalformedBlockException refused = assertThrows(
        MalformedBlockException.class,
        () -> IpldHashMap.open(store, root).stream().count());
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    CborBytes key = entries.keySet().stream()
        .filter(k -> Shards.slotOf(k.value()) == slot)
        .findFirst()
        .orElseThrow();
    if (!name.equals("a raw link")) { // lies elsewhere than on the path to that key
      assertThrows(
          MalformedBlockException.class, () -> IpldHashMap.open(store, root).find(key));
    }
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("mutationsOfTheRoot")
  void open_mutatedRoot_isRefusedByName(String reason, String name, UnaryOperator<CborValue> change)
      throws Exception {
    Cid root = add(change.apply(DagCbor.decode(store.get(built.root()).bytes())));
    MalformedBlockException refused =
        assertThrows(MalformedBlockException.class, () -> IpldHashMap.open(store, root));
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    assertEquals(root, refused.cid());
  }

  @Test
  void read_nodeHungUnderAnotherSlot_isRefused() throws Exception {
    int slot = slotOfLargestChild();
    Cid root = withChild((slot + 1) % 256, DagCbor.decode(child(slot).bytes()));
    IpldHashMap map = IpldHashMap.open(store, root);
    MalformedBlockException refused =
        assertThrows(MalformedBlockException.class, () -> map.stream().count());
    assertTrue(refused.getMessage().contains("does not lead"), refused.getMessage());
  }

  @Test
  void find_endlessChain_endsWhereTheHashEnds() {
    CborBytes key = Trees.key("deep");
    Bytes32 hash = Bytes32.sha256(key.value());
    Cid next = Cid.of(Codec.DAG_CBOR, new byte[] {1});
    for (int depth = 31; depth > 0; depth--) {
      next = add(linkAt(hash.get(depth), next));
    }
    Cid root = add(CborValue.of(Map.of(
        "hashAlg",
        CborValue.of(0x12),
        "bucketSize",
        CborValue.of(3),
        "hamt",
        linkAt(hash.get(0), next))));
    MalformedBlockException refused = assertThrows(
        MalformedBlockException.class, () -> IpldHashMap.open(store, root).find(key));
    assertTrue(refused.getMessage().contains("deeper than the hash"), refused.getMessage());
  }

  @Test
  void read_randomlyMutatedNode_isRefusedOrCanonicalStill() throws Exception {
    Random random = new Random(12);
    int refused = 0;
    int slot = slotOfLargestChild();
    for (int i = 0; i < 300; i++) {
      byte[] bytes = child(slot).bytes().clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Block mutated = Block.of(Codec.DAG_CBOR, bytes);
      store.add(mutated);
      IpldHashMap map = IpldHashMap.open(store, withLink(slot, mutated.cid()));
      try {
        assertEquals(
            map.cid(), Trees.build(HashMapShape.DVAULT, Trees.entries(map)).root());
      } catch (MalformedBlockException e) {
        refused++;
      }
      store.forget(mutated.cid());
    }
    assertTrue(refused > 100, "most mutations break a rule: " + refused);
  }

  @Test
  @Tag("T17")
  void read_missingNode_neverLooksLikeAnAbsence() throws Exception {
    int slot = slotOfLargestChild();
    Cid missing = child(slot).cid();
    store.forget(missing);
    IpldHashMap map = IpldHashMap.open(store, built.root());
    int thrown = 0;
    for (CborBytes key : entries.keySet()) {
      if (Shards.slotOf(key.value()) == slot) {
        assertEquals(
            missing,
            assertThrows(BlockUnavailableException.class, () -> map.find(key)).cid());
        assertThrows(
            BlockUnavailableException.class, () -> map.edit().remove(key).build());
        thrown++;
      } else {
        assertEquals(entries.get(key), map.find(key).orElseThrow());
      }
    }
    assertTrue(thrown > 3, "keys below the missing node: " + thrown);
    CborBytes absent = Stream.iterate(0, i -> i + 1)
        .map(i -> Trees.key("absent " + i))
        .filter(key -> Shards.slotOf(key.value()) == slot)
        .findFirst()
        .orElseThrow();
    assertThrows(BlockUnavailableException.class, () -> map.find(absent));
    assertThrows(BlockUnavailableException.class, () -> map.stream().count());
  }

  // --- taking trees apart and putting them together wrong

  private int slotOfLargestChild() throws Exception {
    List<CborValue> links = data(hamt());
    int best = 0;
    for (int i = 1; i < links.size(); i++) {
      best = length(links.get(i)) > length(links.get(best)) ? i : best;
    }
    byte[] bitmap = ((CborBytes) map(hamt())).value();
    for (int slot = 0, seen = 0; slot < 256; slot++) {
      if ((bitmap[slot / 8] >> slot % 8 & 1) == 1 && seen++ == best) {
        return slot;
      }
    }
    throw new IllegalStateException("no child");
  }

  private int length(CborValue element) {
    return element instanceof CborLink link ? store.get(link.cid()).bytes().length : 0;
  }

  private CborValue hamt() throws Exception {
    return ((CborMap) DagCbor.decode(store.get(built.root()).bytes()))
        .find("hamt")
        .orElseThrow();
  }

  private Block child(int slot) throws Exception {
    byte[] bitmap = ((CborBytes) map(hamt())).value();
    int index = 0;
    for (int i = 0; i < slot; i++) {
      index += bitmap[i / 8] >> i % 8 & 1;
    }
    return store.get(((CborLink) data(hamt()).get(index)).cid());
  }

  private Cid withChild(int slot, CborValue node) throws Exception {
    return withLink(slot, add(node));
  }

  private Cid withLink(int slot, Cid link) throws Exception {
    Cid old = child(slot).cid();
    CborValue hamt = replace(
        hamt(), list -> list.replaceAll(e -> e.equals(CborValue.of(old)) ? CborValue.of(link) : e));
    return add(with(DagCbor.decode(store.get(built.root()).bytes()), "hamt", hamt));
  }

  private Cid add(CborValue value) {
    Block block = Block.of(Codec.DAG_CBOR, DagCbor.encode(value));
    store.add(block);
    return block.cid();
  }

  private static CborValue linkAt(int slot, Cid cid) {
    byte[] bitmap = new byte[32];
    bitmap[slot / 8] |= (byte) (1 << slot % 8);
    return node(CborValue.of(bitmap), List.of(CborValue.of(cid)));
  }

  private static CborValue with(CborValue map, String key, CborValue value) {
    Map<String, CborValue> entries = new HashMap<>(((CborMap) map).entries());
    entries.put(key, value);
    return CborValue.of(entries);
  }

  private static CborValue map(CborValue node) {
    return items(node).getFirst();
  }

  private static List<CborValue> data(CborValue node) {
    return items(items(node).getLast());
  }

  private static List<CborValue> items(CborValue list) {
    return ((CborList) list).items();
  }

  private static CborValue node(CborValue map, List<CborValue> data) {
    return CborValue.of(List.of(map, CborValue.of(data)));
  }

  private static CborValue replace(CborValue node, Consumer<List<CborValue>> change) {
    List<CborValue> data = new ArrayList<>(data(node));
    change.accept(data);
    return node(map(node), data);
  }

  private static CborValue withBitmap(CborValue node, Consumer<byte[]> change) {
    byte[] bitmap = ((CborBytes) map(node)).value();
    change.accept(bitmap);
    return node(CborValue.of(bitmap), data(node));
  }

  private static int firstFree(byte[] bitmap) {
    for (int i = 0; i < bitmap.length; i++) {
      if (bitmap[i] != -1) {
        return i;
      }
    }
    throw new IllegalStateException("full");
  }

  private static int free(byte[] bitmap) {
    return Integer.lowestOneBit(~bitmap[firstFree(bitmap)]);
  }

  /** The node with its first {@code count} elements alone. */
  private static CborValue keep(CborValue node, int count) {
    byte[] bitmap = ((CborBytes) map(node)).value();
    for (int slot = 0, seen = 0; slot < 256; slot++) {
      if ((bitmap[slot / 8] >> slot % 8 & 1) == 1 && seen++ >= count) {
        bitmap[slot / 8] &= (byte) ~(1 << slot % 8);
      }
    }
    return node(CborValue.of(bitmap), data(node).subList(0, count));
  }

  private static CborValue bucket(CborValue... entries) {
    return CborValue.of(List.of(entries));
  }

  private static CborValue entry(String key) {
    return CborValue.of(List.of(Trees.key(key), CborValue.NULL));
  }
}
