package io.dvault.dag;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.dag.HashMapNode.Element;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The difference of two HashMaps, reading only what differs: equal links are never followed. */
public final class HashMapDiff {
  private final IpldHashMap before;
  private final IpldHashMap after;
  private final Consumer<Difference> consumer;

  /** One key whose value is not the same; empty where the key is not there. */
  public record Difference(CborBytes key, Optional<CborValue> before, Optional<CborValue> after) {}

  private HashMapDiff(IpldHashMap before, IpldHashMap after, Consumer<Difference> consumer) {
    this.before = before;
    this.after = after;
    this.consumer = consumer;
  }

  /** Tells {@code consumer} each difference once, subtree by subtree; both maps must have the same shape. */
  public static void forEach(IpldHashMap before, IpldHashMap after, Consumer<Difference> consumer) {
    if (!before.shape().equals(after.shape())) {
      throw new IllegalArgumentException(
          "shapes differ: " + before.shape() + " and " + after.shape());
    }
    new HashMapDiff(before, after, consumer)
        .nodes(before.rootNode(), after.rootNode(), HashPath.ROOT);
  }

  private void nodes(HashMapNode old, HashMapNode now, HashPath path) {
    TreeSet<Integer> slots = new TreeSet<>();
    old.forEach((slot, element) -> slots.add(slot));
    now.forEach((slot, element) -> slots.add(slot));
    for (int slot : slots) {
      Optional<Element> was = old.find(slot);
      Optional<Element> is = now.find(slot);
      if (!was.equals(is)) {
        elements(was, is, path.below(slot));
      }
    }
  }

  private void elements(Optional<Element> was, Optional<Element> is, HashPath path) {
    if (was.orElse(null) instanceof Element.Link oldLink
        && is.orElse(null) instanceof Element.Link newLink) {
      nodes(before.load(oldLink, path), after.load(newLink, path), path);
      return;
    }
    // At least one side is a bucket, so at most bucketSize keys can be on both sides.
    Map<CborBytes, CborValue> small = new TreeMap<>();
    boolean oldIsLarge = was.orElse(null) instanceof Element.Link;
    Optional<Element> bucket = oldIsLarge ? is : was;
    IpldHashMap smallMap = oldIsLarge ? after : before;
    entries(smallMap, bucket, path)
        .forEachRemaining(entry -> small.put(entry.key(), entry.value()));
    Iterator<HashMapEntry> large =
        entries(oldIsLarge ? before : after, oldIsLarge ? was : is, path);
    while (large.hasNext()) {
      HashMapEntry entry = large.next();
      Optional<CborValue> other = Optional.ofNullable(small.remove(entry.key()));
      if (!other.equals(Optional.of(entry.value()))) {
        tell(entry.key(), oldIsLarge, Optional.of(entry.value()), other);
      }
    }
    small.forEach((key, value) -> tell(key, !oldIsLarge, Optional.of(value), Optional.empty()));
  }

  private void tell(
      CborBytes key, boolean firstIsOld, Optional<CborValue> first, Optional<CborValue> second) {
    consumer.accept(
        firstIsOld ? new Difference(key, first, second) : new Difference(key, second, first));
  }

  private static Iterator<HashMapEntry> entries(
      IpldHashMap map, Optional<Element> element, HashPath path) {
    HashMapNode node = element
        .map(present -> switch (present) {
          case Element.Link link -> map.load(link, path);
          // Only iterated, never looked up: the slot number does not matter.
          case Element.Bucket bucket -> new HashMapNode(new int[1], new Element[] {bucket});
        })
        .orElse(HashMapNode.EMPTY);
    return new HashMapIterator(map, node, path);
  }
}
