package io.dvault.plan;

import io.dvault.dag.HashMapShape;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * How many bytes of HashMap nodes a change of some devices makes anew, without making them: which nodes there are
 * follows from the hashes of the keys alone. Sizes as schemas/spec/hashmap.md has them.
 */
final class TreeSize {
  private static final HashMapShape SHAPE = HashMapShape.DVAULT;
  private static final int LINK = 41;
  /** One entry of a bucket: a list of a key of 32 bytes and a link. */
  private static final int ENTRY = 1 + 34 + LINK;
  /** A list of two, the bitmap of 256 bits, and the head of the list of elements. */
  private static final int NODE = 1 + 34 + 3;
  /** What only the root has: the names and numbers of its shape. */
  private static final int ROOT = 27;

  private record Key(Bytes32 hash, boolean touched) {}

  private TreeSize() {}

  /**
   * @param devices all that the tree holds afterwards
   * @param touched those whose value changes
   */
  static long of(Collection<DeviceId> devices, Set<DeviceId> touched) {
    List<Key> keys = devices.parallelStream()
        .map(device -> new Key(Bytes32.sha256(device.bytes().toArray()), touched.contains(device))).toList();
    return ROOT + node(keys, 0);
  }

  /** The bytes of the node that holds {@code keys} and of those below it that are new. */
  private static long node(List<Key> keys, int depth) {
    List<List<Key>> slots = new ArrayList<>(1 << SHAPE.bitWidth());
    for (int slot = 0; slot < 1 << SHAPE.bitWidth(); slot++) {
      slots.add(new ArrayList<>(0));
    }
    keys.forEach(key -> slots.get(key.hash().get(depth)).add(key)); // eight bits a level
    long size = NODE;
    for (List<Key> slot : slots) {
      if (slot.size() > SHAPE.bucketSize()) {
        size += LINK;
        if (slot.stream().anyMatch(Key::touched)) {
          size += node(slot, depth + 1);
        }
      } else if (!slot.isEmpty()) {
        size += 1 + (long) slot.size() * ENTRY;
      }
    }
    return size;
  }
}
