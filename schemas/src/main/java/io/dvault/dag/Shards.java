package io.dvault.dag;

import io.dvault.model.Bytes32;
import java.util.Collection;

/**
 * A set of the 256 first-level slots of a HashMap, as the chain carries it: a big-endian number of 32 bytes in which
 * bit i stands for slot i. schemas/spec/hashmap.md, "Changed slots".
 */
public final class Shards {
  public static final Bytes32 NONE = Bytes32.ZERO;

  private Shards() {}

  /** The slot of {@code key} at the root: the first byte of its SHA-256. */
  public static int slotOf(byte[] key) {
    return Bytes32.sha256(key).get(0);
  }

  public static boolean contains(Bytes32 shards, int slot) {
    return (shards.get(Bytes32.LENGTH - 1 - slot / 8) >> slot % 8 & 1) == 1;
  }

  public static Bytes32 of(Collection<Integer> slots) {
    byte[] shards = new byte[Bytes32.LENGTH];
    for (int slot : slots) {
      shards[Bytes32.LENGTH - 1 - slot / 8] |= (byte) (1 << slot % 8);
    }
    return Bytes32.of(shards);
  }
}
