package io.dvault.dag;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.CborValue.CborLink;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.dag.HashMapNode.Element;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads nodes out of blocks and believes nothing about them: docs/threat-model.md T16, one check
 * per comment.
 */
final class HashMapNodes {
  /** Multihash code of sha2-256. */
  static final int SHA2_256 = 0x12;

  private HashMapNodes() {}

  /** A root with the parameters that it states. */
  record Root(HashMapShape shape, HashMapNode node) {}

  static Root loadRoot(BlockSource source, Cid cid) {
    try {
      MapReader root =
          MapReader.of(decode(source, cid), "HashMap", "hashAlg", "bucketSize", "hamt");
      root.requireInt("hashAlg", SHA2_256, SHA2_256); // another hash: another path for every key
      int bucketSize = (int) root.requireInt("bucketSize", 1, 64);
      List<CborValue> hamt = pair(root.require("hamt"));
      int length = hamt.getFirst() instanceof CborBytes bitmap ? bitmap.length() : 0;
      if (Integer.bitCount(length) != 1 || length > 1 << 13) {
        throw new MalformedCborException(
            "a bitmap has 1, 2, 4 … 8192 bytes, this one has " + length);
      }
      HashMapShape shape = new HashMapShape(Integer.numberOfTrailingZeros(length) + 3, bucketSize);
      return new Root(shape, node(hamt, shape, HashPath.ROOT));
    } catch (MalformedCborException e) {
      throw new MalformedBlockException(cid, e.getMessage());
    }
  }

  static HashMapNode load(BlockSource source, Cid cid, HashMapShape shape, HashPath path) {
    if (path.depth() >= shape.maxDepth()) {
      throw new MalformedBlockException(cid, "deeper than the hash has bits");
    }
    try {
      HashMapNode node = node(pair(decode(source, cid)), shape, path);
      // Canonical form 2: what fits a bucket is never a node. With links below, the children are
      // held to the same.
      if (!node.hasLinks() && node.ownEntries().size() <= shape.bucketSize()) {
        throw new MalformedCborException("holds no more than a bucket would");
      }
      return node;
    } catch (MalformedCborException e) {
      throw new MalformedBlockException(cid, e.getMessage());
    }
  }

  private static CborValue decode(BlockSource source, Cid cid) throws MalformedCborException {
    if (cid.codec() != Codec.DAG_CBOR) {
      throw new MalformedCborException("a HashMap node is dag-cbor");
    }
    Block block = source.get(cid);
    if (!block.cid().equals(cid)) {
      throw new IllegalStateException("asked for " + cid + ", got " + block.cid());
    }
    return DagCbor.decode(block.bytes());
  }

  private static HashMapNode node(List<CborValue> pair, HashMapShape shape, HashPath path)
      throws MalformedCborException {
    if (!(pair.get(0) instanceof CborBytes map) || !(pair.get(1) instanceof CborList data)) {
      throw new MalformedCborException("a node is [bytes, list]");
    }
    if (map.length() != shape.bitmapLength()) { // the same width at every level
      throw new MalformedCborException(
          "bitmap has " + map.length() + " bytes, not " + shape.bitmapLength());
    }
    int[] slots = slotsIn(map.value());
    if (slots.length != data.items().size()) { // popcount
      throw new MalformedCborException(
          "bitmap counts " + slots.length + " elements, not " + data.items().size());
    }
    Element[] elements = new Element[slots.length];
    for (int i = 0; i < slots.length; i++) {
      elements[i] = element(data.items().get(i), shape, path.below(slots[i]));
    }
    return new HashMapNode(slots, elements);
  }

  private static int[] slotsIn(byte[] bitmap) {
    List<Integer> slots = new ArrayList<>();
    for (int slot = 0; slot < 8 * bitmap.length; slot++) {
      if ((bitmap[slot / 8] >> slot % 8 & 1) == 1) {
        slots.add(slot);
      }
    }
    return slots.stream().mapToInt(Integer::intValue).toArray();
  }

  private static Element element(CborValue value, HashMapShape shape, HashPath path)
      throws MalformedCborException {
    if (value instanceof CborLink link) {
      return new Element.Link(link.cid());
    }
    if (!(value instanceof CborList bucket)) {
      throw new MalformedCborException("an element is a link or a bucket");
    }
    if (bucket.items().isEmpty() || bucket.items().size() > shape.bucketSize()) {
      throw new MalformedCborException("a bucket has 1 to " + shape.bucketSize() + " entries");
    }
    List<HashMapEntry> entries = new ArrayList<>(bucket.items().size());
    for (CborValue item : bucket.items()) {
      List<CborValue> pair = pair(item);
      if (!(pair.getFirst() instanceof CborBytes key)) {
        throw new MalformedCborException("a key is bytes");
      }
      if (!entries.isEmpty() && entries.getLast().key().compareTo(key) >= 0) { // canonical form 1
        throw new MalformedCborException("keys of a bucket are out of order");
      }
      if (!path.leadsTo(key.sha256(), shape.bitWidth())) { // hash path
        throw new MalformedCborException("a key is where its hash does not lead");
      }
      entries.add(new HashMapEntry(key, pair.getLast()));
    }
    return new Element.Bucket(entries);
  }

  private static List<CborValue> pair(CborValue value) throws MalformedCborException {
    if (value instanceof CborList list && list.items().size() == 2) {
      return list.items();
    }
    throw new MalformedCborException("expected a list of two");
  }
}
