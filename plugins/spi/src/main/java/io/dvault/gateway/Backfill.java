package io.dvault.gateway;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockStore;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.dag.DagWalk;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings a store that was added late to where the others are: every root that it does not have, oldest first, each as
 * one put of the blocks that the roots before did not bring. A store that pins (Kubo) needs that order, since a root
 * links to the one before.
 */
public final class Backfill {
  private static final long MAX_BLOCKS = 2_000_000;

  private Backfill() {}

  /**
   * Copies from {@code source}; throws BlockUnavailableException when a block is nowhere, having put whole roots only.
   *
   * @param rootsOldestFirst as the chain's history gives them
   * @return how many blocks were put
   */
  public static long fill(BlockSource source, BlockStore store, List<Cid> rootsOldestFirst) {
    Set<Cid> there = new HashSet<>();
    long put = 0;
    for (Cid root : rootsOldestFirst) {
      List<Block> added = new ArrayList<>();
      boolean absent = !holds(store, root);
      boolean whole = DagWalk.walk(
          absent ? source : store, root, MAX_BLOCKS, cid -> !there.contains(cid), added::add);
      if (!whole) {
        throw new IllegalStateException("more than " + MAX_BLOCKS + " blocks below " + root);
      }
      added.forEach(block -> there.add(block.cid()));
      if (absent) {
        store.put(List.of(root), added);
        put += added.size();
      }
    }
    return put;
  }

  private static boolean holds(BlockStore store, Cid root) {
    try {
      store.get(root);
      return true;
    } catch (BlockUnavailableException e) {
      return false;
    }
  }
}
