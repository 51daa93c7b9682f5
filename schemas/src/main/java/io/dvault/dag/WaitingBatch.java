package io.dvault.dag;

import io.dvault.cbor.Cid;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Holds the blocks in memory until they can be put. */
final class WaitingBatch implements BlockBatch {
  private final BlockStore store;
  private final Map<Cid, Block> blocks = new LinkedHashMap<>();

  WaitingBatch(BlockStore store) {
    this.store = store;
  }

  @Override
  public synchronized void add(Block block) {
    blocks.put(block.cid(), block);
  }

  @Override
  public synchronized void commit(Cid root) {
    store.put(List.of(root), blocks.values());
  }

  @Override
  public synchronized void close() {
    blocks.clear();
  }
}
