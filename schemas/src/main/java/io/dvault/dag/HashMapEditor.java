package io.dvault.dag;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.dag.HashMapNode.Element;
import io.dvault.model.Bytes32;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Collects changes to a HashMap and applies them in one pass that reads and writes only the nodes on their paths. The
 * result depends on the entries alone, not on how they came to be. Thread-safe but for {@link #build}.
 */
public final class HashMapEditor {
  private static final int WORTH_ALL_CORES = 4096;
  private final Optional<IpldHashMap> before;
  private final HashMapShape shape;
  private final List<Change> changes =
      new ArrayList<>(); // as they came: nobody sorts while others wait

  /** The changes that lead through one slot of a node. */
  private record Slot(int slot, List<Change> part) {}

  /** What they made of it, and the new blocks below, children before parents. */
  private record Merged(int slot, Optional<Element> element, List<Block> blocks) {}

  /** Empty {@code value}: the key goes. */
  private record Change(Bytes32 hash, CborBytes key, Optional<CborValue> value) {}

  /**
   * The map after the changes.
   *
   * @param newBlocks the blocks that the map before did not have, parents before children: the root first if it changed
   * @param changedSlots first-level slots that differ from the map before, ascending
   */
  public record Built(Cid root, List<Block> newBlocks, List<Integer> changedSlots) {
    public Built {
      newBlocks = List.copyOf(newBlocks);
      changedSlots = List.copyOf(changedSlots);
    }
  }

  private HashMapEditor(Optional<IpldHashMap> before, HashMapShape shape) {
    this.before = before;
    this.shape = shape;
  }

  public static HashMapEditor empty(HashMapShape shape) {
    return new HashMapEditor(Optional.empty(), shape);
  }

  public static HashMapEditor of(IpldHashMap before) {
    return new HashMapEditor(Optional.of(before), before.shape());
  }

  public HashMapEditor put(CborBytes key, CborValue value) {
    return change(key, Optional.of(value));
  }

  /** Removing what is not there changes nothing. */
  public HashMapEditor remove(CborBytes key) {
    return change(key, Optional.empty());
  }

  private HashMapEditor change(CborBytes key, Optional<CborValue> value) {
    Change change = new Change(key.sha256(), key, value);
    synchronized (changes) {
      changes.add(change);
    }
    return this;
  }

  /** The last change of each key, in order of hash: so a subtree's changes lie side by side. */
  private List<Change> ordered() {
    Change[] sorted = changes.toArray(Change[]::new);
    Arrays.parallelSort(
        sorted,
        Comparator.comparing(Change::hash)); // stable: of one key's changes the last stays last
    List<Change> last = new ArrayList<>(sorted.length);
    for (Change change : sorted) {
      if (!last.isEmpty() && last.getLast().hash().equals(change.hash())) {
        last.removeLast();
      }
      last.add(change);
    }
    return last;
  }

  /** Applies what was collected; the editor can go on from there to further builds over the same map before. */
  public Built build() {
    HashMapNode old = before.map(IpldHashMap::rootNode).orElse(HashMapNode.EMPTY);
    List<Block> blocks = new ArrayList<>();
    HashMapNode root = merge(old, ordered(), HashPath.ROOT, blocks);
    Block block = Block.of(Codec.DAG_CBOR, DagCbor.encode(root.toRootCbor(shape)));
    if (before.isEmpty() || !before.get().cid().equals(block.cid())) {
      blocks.add(block);
    }
    return new Built(block.cid(), blocks.reversed(), changedSlots(old, root));
  }

  private static List<Integer> changedSlots(HashMapNode old, HashMapNode root) {
    SortedMap<Integer, Element> differing = new TreeMap<>();
    old.forEach(differing::put);
    root.forEach((slot, element) -> {
      if (!differing.remove(slot, element)) {
        differing.put(slot, element);
      }
    });
    return List.copyOf(differing.keySet());
  }

  /** The node with {@code part}, changes in order of hash that all lead below {@code path}, applied. */
  private HashMapNode merge(
      HashMapNode node, List<Change> part, HashPath path, List<Block> blocks) {
    if (path.depth() >= shape.maxDepth()) {
      throw new IllegalStateException(
          "keys whose hashes are the same in every bit that a path has");
    }
    TreeMap<Integer, Element> elements = new TreeMap<>();
    node.forEach(elements::put);
    List<Slot> slots = slots(part, path);
    List<Merged> merged = (part.size() < WORTH_ALL_CORES ? slots.stream() : slots.parallelStream())
        .map(slot -> {
          List<Block> below = new ArrayList<>();
          return new Merged(
              slot.slot(),
              mergeSlot(node.find(slot.slot()), slot.part(), path.below(slot.slot()), below),
              below);
        })
        .toList();
    for (Merged each : merged) {
      blocks.addAll(each.blocks());
      each.element()
          .ifPresentOrElse(
              element -> elements.put(each.slot(), element), () -> elements.remove(each.slot()));
    }
    return HashMapNode.of(elements);
  }

  private List<Slot> slots(List<Change> part, HashPath path) {
    List<Slot> slots = new ArrayList<>();
    for (int from = 0; from < part.size(); ) {
      int slot = slotOf(part.get(from), path);
      int to = from + 1;
      while (to < part.size() && slotOf(part.get(to), path) == slot) {
        to++;
      }
      slots.add(new Slot(slot, part.subList(from, to)));
      from = to;
    }
    return slots;
  }

  private int slotOf(Change change, HashPath path) {
    return HashPath.slotOf(change.hash(), path.depth(), shape.bitWidth());
  }

  private Optional<Element> mergeSlot(
      Optional<Element> old, List<Change> part, HashPath path, List<Block> blocks) {
    if (old.isPresent() && old.get() instanceof Element.Link link) {
      HashMapNode child = before.orElseThrow().load(link, path);
      return settle(merge(child, part, path, blocks), Optional.of(link), blocks);
    }
    TreeMap<Bytes32, Change> entries = new TreeMap<>();
    if (old.isPresent() && old.get() instanceof Element.Bucket bucket) {
      bucket.entries().forEach(entry -> {
        Bytes32 hash = entry.key().sha256();
        entries.put(hash, new Change(hash, entry.key(), Optional.of(entry.value())));
      });
    }
    for (Change change : part) {
      if (change.value().isPresent()) {
        entries.put(change.hash(), change);
      } else {
        entries.remove(change.hash());
      }
    }
    if (entries.size() > shape.bucketSize()) {
      HashMapNode child = merge(HashMapNode.EMPTY, List.copyOf(entries.values()), path, blocks);
      return settle(child, Optional.empty(), blocks);
    }
    return bucket(entries.values().stream()
        .map(e -> new HashMapEntry(e.key(), e.value().orElseThrow()))
        .toList());
  }

  /** A node that a bucket can hold becomes one (canonical form 2); any other becomes a block, if it is a new one. */
  private Optional<Element> settle(
      HashMapNode node, Optional<Element.Link> old, List<Block> blocks) {
    if (!node.hasLinks()) {
      List<HashMapEntry> entries = node.ownEntries();
      if (entries.size() <= shape.bucketSize()) {
        return bucket(entries);
      }
    }
    Block block = Block.of(Codec.DAG_CBOR, DagCbor.encode(node.toCbor(shape)));
    Element.Link link = new Element.Link(block.cid());
    if (old.isEmpty() || !old.get().equals(link)) {
      blocks.add(block);
    }
    return Optional.of(link);
  }

  private static Optional<Element> bucket(List<HashMapEntry> entries) {
    List<HashMapEntry> sorted =
        entries.stream().sorted((a, b) -> a.key().compareTo(b.key())).toList();
    return sorted.isEmpty() ? Optional.empty() : Optional.of(new Element.Bucket(sorted));
  }
}
