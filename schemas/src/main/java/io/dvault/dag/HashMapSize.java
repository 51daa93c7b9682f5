package io.dvault.dag;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.dag.HashMapNode.Element;
import io.dvault.model.Bytes32;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many bytes of nodes a change makes anew, before its values are known: which nodes there are
 * follows from the keys,
 * and their size from sample nodes of that shape.
 */
public final class HashMapSize {
  private record Key(CborBytes key, Bytes32 hash, boolean changed) {}

  private final HashMapShape shape;
  private final CborValue value;
  private final Element link;

  private HashMapSize(HashMapShape shape, CborValue value, Element link) {
    this.shape = shape;
    this.value = value;
    this.link = link;
  }

  /**
   * Bytes of the nodes that are new, the root always among them.
   *
   * @param keys all that the map holds afterwards
   * @param changed those whose value changes
   * @param sample as long as every value is
   */
  public static long ofNewNodes(
      HashMapShape shape, Collection<CborBytes> keys, Set<CborBytes> changed, CborValue sample) {
    List<Key> hashed = keys.parallelStream()
        .map(key -> new Key(key, key.sha256(), changed.contains(key)))
        .toList();
    Element link = new Element.Link(Cid.of(Codec.DAG_CBOR, new byte[0]));
    return new HashMapSize(shape, sample, link).node(hashed, 0);
  }

  private long node(List<Key> keys, int depth) {
    Map<Integer, List<Key>> slots = new TreeMap<>();
    for (Key key : keys) {
      int slot = HashPath.slotOf(key.hash, depth, shape.bitWidth());
      slots.computeIfAbsent(slot, any -> new ArrayList<>()).add(key);
    }
    SortedMap<Integer, Element> elements = new TreeMap<>();
    long below = 0;
    for (Map.Entry<Integer, List<Key>> slot : slots.entrySet()) {
      boolean fits = slot.getValue().size() <= shape.bucketSize();
      elements.put(slot.getKey(), fits ? bucket(slot.getValue()) : link);
      if (!fits && slot.getValue().stream().anyMatch(Key::changed)) {
        below += node(slot.getValue(), depth + 1); // ends: keys differ, and so do their hashes
      }
    }
    HashMapNode node = HashMapNode.of(elements);
    return below + DagCbor.length(depth == 0 ? node.toRootCbor(shape) : node.toCbor(shape));
  }

  private Element bucket(List<Key> keys) {
    return new Element.Bucket(keys.stream()
        .sorted(Comparator.comparing(Key::key))
        .map(key -> new HashMapEntry(key.key, value))
        .toList());
  }
}
