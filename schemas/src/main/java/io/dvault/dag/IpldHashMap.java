package io.dvault.dag;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.Cid;
import io.dvault.dag.HashMapNode.Element;
import io.dvault.model.Bytes32;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * An IPLD HashMap, read block by block as it is asked, each node checked when it arrives. A node that is missing throws
 * {@link BlockUnavailableException}, so "not there" is only ever said when the whole path was seen
 * (docs/threat-model.md T17); a node that is wrong throws {@link MalformedBlockException}.
 * Thread-safe if its source is. Source: IPLD HashMap specification; schemas/spec/hashmap.md.
 */
public final class IpldHashMap implements Iterable<HashMapEntry> {
  /** Nodes kept for the next {@link #find}: the root's children. What lies deeper is small, and would push them out. */
  private static final int CACHED_NODES = 256;

  private final BlockSource source;
  private final Cid cid;
  private final HashMapNodes.Root root;
  private final Map<HashPath, HashMapNode> recent = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<HashPath, HashMapNode> eldest) {
      return size() > CACHED_NODES;
    }
  };

  private IpldHashMap(BlockSource source, Cid cid, HashMapNodes.Root root) {
    this.source = source;
    this.cid = cid;
    this.root = root;
  }

  /** Opens a map that must have dVault's shape; reads its root block. */
  public static IpldHashMap open(BlockSource source, Cid root) {
    IpldHashMap map = openAnyShape(source, root);
    if (!map.shape().equals(HashMapShape.DVAULT)) {
      throw new MalformedBlockException(
          root, "expected " + HashMapShape.DVAULT + ", got " + map.shape());
    }
    return map;
  }

  /** Opens a map with whatever shape its root states; reads its root block. */
  public static IpldHashMap openAnyShape(BlockSource source, Cid root) {
    return new IpldHashMap(source, root, HashMapNodes.loadRoot(source, root));
  }

  public Cid cid() {
    return cid;
  }

  public HashMapShape shape() {
    return root.shape();
  }

  /** The value of {@code key}, or empty when the complete path to it shows that it is not there. */
  public Optional<CborValue> find(CborBytes key) {
    Bytes32 hash = key.sha256();
    HashMapNode node = root.node();
    HashPath path = HashPath.ROOT;
    while (true) { // ends: each turn goes one level down, and load() bounds the depth
      int slot = HashPath.slotOf(hash, path.depth(), shape().bitWidth());
      Optional<Element> element = node.find(slot);
      if (element.isEmpty()) {
        return Optional.empty();
      }
      switch (element.get()) {
        case Element.Bucket bucket -> {
          return bucket.entries().stream()
              .filter(e -> e.key().equals(key))
              .map(HashMapEntry::value)
              .findFirst();
        }
        case Element.Link link -> {
          path = path.below(slot);
          node = recent(link, path);
        }
      }
    }
  }

  /** Every entry once, in order of the keys' hashes; a fault surfaces from the iterator. */
  @Override
  public Iterator<HashMapEntry> iterator() {
    return new HashMapIterator(this, root.node());
  }

  /** As {@link #iterator}. */
  public Stream<HashMapEntry> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  /** An editor that starts from this map. */
  public HashMapEditor edit() {
    return HashMapEditor.of(this);
  }

  BlockSource source() {
    return source;
  }

  HashMapNode rootNode() {
    return root.node();
  }

  HashMapNode load(Element.Link link, HashPath path) {
    return HashMapNodes.load(source, link.cid(), shape(), path);
  }

  /** By path and not by id: a node that was checked for one place is not good for another. */
  private HashMapNode recent(Element.Link link, HashPath path) {
    if (path.depth() > 1) {
      return load(link, path);
    }
    synchronized (recent) {
      HashMapNode known = recent.get(path);
      if (known != null) {
        return known;
      }
    }
    HashMapNode node = load(link, path);
    synchronized (recent) {
      recent.put(path, node);
    }
    return node;
  }
}
