package io.dvault.dag;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiConsumer;

/** One node of a HashMap in memory: which slots are taken, and by what. Never changed. */
final class HashMapNode {
  /** What a slot holds. */
  sealed interface Element {
    /** A child node with more entries than a bucket takes. */
    record Link(Cid cid) implements Element {}

    /** From 1 to bucketSize entries, in order of their keys. */
    record Bucket(List<HashMapEntry> entries) implements Element {
      public Bucket {
        entries = List.copyOf(entries);
      }
    }
  }

  static final HashMapNode EMPTY = new HashMapNode(new int[0], new Element[0]);

  private final int[] slots;
  private final Element[] elements;

  /** Both arrays belong to the node from then on; {@code slots} ascend. */
  HashMapNode(int[] slots, Element[] elements) {
    this.slots = slots;
    this.elements = elements;
  }

  static HashMapNode of(SortedMap<Integer, Element> elements) {
    int[] slots = elements.keySet().stream().mapToInt(Integer::intValue).toArray();
    return new HashMapNode(slots, elements.values().toArray(Element[]::new));
  }

  Optional<Element> find(int slot) {
    int index = Arrays.binarySearch(slots, slot);
    return index < 0 ? Optional.empty() : Optional.of(elements[index]);
  }

  int size() {
    return slots.length;
  }

  int slot(int index) {
    return slots[index];
  }

  Element element(int index) {
    return elements[index];
  }

  void forEach(BiConsumer<Integer, Element> action) {
    for (int i = 0; i < slots.length; i++) {
      action.accept(slots[i], elements[i]);
    }
  }

  boolean hasLinks() {
    return Arrays.stream(elements).anyMatch(Element.Link.class::isInstance);
  }

  /** All entries in this node's own buckets. */
  List<HashMapEntry> ownEntries() {
    List<HashMapEntry> entries = new ArrayList<>();
    for (Element element : elements) {
      if (element instanceof Element.Bucket bucket) {
        entries.addAll(bucket.entries());
      }
    }
    return entries;
  }

  /** {@code [map, data]}: the form of every node but the root. */
  CborValue toCbor(HashMapShape shape) {
    byte[] bitmap = new byte[shape.bitmapLength()];
    List<CborValue> data = new ArrayList<>();
    forEach((slot, element) -> {
      bitmap[slot / 8] |= (byte) (1 << slot % 8);
      data.add(toCbor(element));
    });
    return CborValue.of(List.of(CborValue.of(bitmap), CborValue.of(data)));
  }

  /** {@code {hashAlg, bucketSize, hamt}}: the form of the root. */
  CborValue toRootCbor(HashMapShape shape) {
    return CborValue.of(Map.of(
        "hashAlg", CborValue.of(HashMapNodes.SHA2_256),
        "bucketSize", CborValue.of(shape.bucketSize()),
        "hamt", toCbor(shape)));
  }

  private static CborValue toCbor(Element element) {
    return switch (element) {
      case Element.Link link -> CborValue.of(link.cid());
      case Element.Bucket bucket ->
        CborValue.of(bucket.entries().stream()
            .map(entry -> CborValue.of(List.of(entry.key(), entry.value())))
            .toList());
    };
  }
}
