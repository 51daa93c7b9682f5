package io.dvault.dag;

import io.dvault.dag.HashMapNode.Element;
import java.util.Collections;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.function.Consumer;

/**
 * The entries below a run of the root's elements. Halves by that run: how many entries each half has is not known, but
 * hashes spread evenly, and whoever reads a half loads its nodes as well.
 */
final class HashMapSpliterator implements Spliterator<HashMapEntry> {
  private final IpldHashMap map;
  private int next;
  private final int end;
  private Iterator<HashMapEntry> below = Collections.emptyIterator();

  HashMapSpliterator(IpldHashMap map) {
    this(map, 0, map.rootNode().size());
  }

  private HashMapSpliterator(IpldHashMap map, int next, int end) {
    this.map = map;
    this.next = next;
    this.end = end;
  }

  @Override
  public boolean tryAdvance(Consumer<? super HashMapEntry> action) {
    while (!below.hasNext()) {
      if (next == end) {
        return false;
      }
      below = below(next++);
    }
    action.accept(below.next());
    return true;
  }

  private Iterator<HashMapEntry> below(int index) {
    return switch (map.rootNode().element(index)) {
      case Element.Bucket bucket -> bucket.entries().iterator();
      case Element.Link link -> {
        HashPath path = HashPath.ROOT.below(map.rootNode().slot(index));
        yield new HashMapIterator(map, map.load(link, path), path);
      }
    };
  }

  @Override
  public Spliterator<HashMapEntry> trySplit() {
    int middle = next + (end - next) / 2;
    if (middle == next) {
      return null; // as Spliterator says it
    }
    HashMapSpliterator half = new HashMapSpliterator(map, next, middle);
    next = middle;
    return half;
  }

  @Override
  public long estimateSize() {
    return Long.MAX_VALUE; // unknown: a task for each subtree
  }

  @Override
  public int characteristics() {
    return DISTINCT | NONNULL | IMMUTABLE;
  }
}
