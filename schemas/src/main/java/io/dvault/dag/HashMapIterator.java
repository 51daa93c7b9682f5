package io.dvault.dag;

import io.dvault.dag.HashMapNode.Element;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Walks a HashMap depth first; holds one node per level. */
final class HashMapIterator implements Iterator<HashMapEntry> {
  private final IpldHashMap map;
  private final Deque<Level> levels = new ArrayDeque<>();
  private Iterator<HashMapEntry> bucket = Collections.emptyIterator();

  private static final class Level {
    final HashMapNode node;
    final HashPath path;
    int next;

    Level(HashMapNode node, HashPath path) {
      this.node = node;
      this.path = path;
    }
  }

  HashMapIterator(IpldHashMap map, HashMapNode root) {
    this(map, root, HashPath.ROOT);
  }

  HashMapIterator(IpldHashMap map, HashMapNode top, HashPath path) {
    this.map = map;
    levels.push(new Level(top, path));
  }

  @Override
  public boolean hasNext() {
    while (!bucket.hasNext() && !levels.isEmpty()) {
      Level level = levels.peek();
      if (level.next == level.node.size()) {
        levels.pop();
        continue;
      }
      int index = level.next++;
      switch (level.node.element(index)) {
        case Element.Bucket found -> bucket = found.entries().iterator();
        case Element.Link link -> {
          HashPath below = level.path.below(level.node.slot(index));
          levels.push(new Level(map.load(link, below), below));
        }
      }
    }
    return bucket.hasNext();
  }

  @Override
  public HashMapEntry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return bucket.next();
  }
}
