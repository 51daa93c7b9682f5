package io.dvault.dag;

import io.dvault.model.Bytes32;
import java.util.ArrayList;
import java.util.List;

/** Where a node hangs in a HashMap: the slot taken at each level from the root. Its length is the node's depth. */
record HashPath(List<Integer> slots) {
  static final HashPath ROOT = new HashPath(List.of());

  HashPath {
    slots = List.copyOf(slots);
  }

  int depth() {
    return slots.size();
  }

  HashPath below(int slot) {
    List<Integer> longer = new ArrayList<>(slots);
    longer.add(slot);
    return new HashPath(longer);
  }

  /** Whether a key with this hash belongs below this path. */
  boolean leadsTo(Bytes32 hash, int bitWidth) {
    for (int depth = 0; depth < slots.size(); depth++) {
      if (slotOf(hash, depth, bitWidth) != slots.get(depth)) {
        return false;
      }
    }
    return true;
  }

  /** IPLD HashMap, Get 3: the left-most {@code bitWidth} bits of the hash, offset by {@code depth × bitWidth}. */
  static int slotOf(Bytes32 hash, int depth, int bitWidth) {
    int start = depth * bitWidth;
    int window = 0;
    for (int i = start / 8;
        i < start / 8 + 3;
        i++) { // 16 bits at any offset lie within three bytes
      window = window << 8 | (i < Bytes32.LENGTH ? hash.get(i) : 0);
    }
    return window >> 24 - start % 8 - bitWidth & (1 << bitWidth) - 1;
  }
}
