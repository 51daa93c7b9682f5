package io.dvault.apply;

import io.dvault.dag.Block;
import io.dvault.dag.BlockBatch;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockStore;
import io.dvault.gateway.NewSubtree;
import io.dvault.gateway.ReadBack;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Brings new blocks to every store as they are made, and reads them back from every gateway before anything commits to
 * them. Nobody sees a block before {@link #put}; closed without it, nothing of them stays.
 */
final class Publication implements AutoCloseable {
  private final List<BlockBatch> batches = new ArrayList<>();
  private final Map<String, BlockSource> gateways;

  /** @param gateways each alone, by its URL */
  Publication(Collection<BlockStore> stores, Map<String, BlockSource> gateways) {
    this.gateways = Map.copyOf(gateways);
    try {
      stores.forEach(store -> batches.add(store.begin()));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** From any thread. */
  void add(Block block) {
    for (BlockBatch batch : batches) {
      batch.add(block);
    }
  }

  /** Returns when all is durable everywhere. */
  void put(NewSubtree tree, ApplyProgress progress) {
    for (BlockBatch batch : batches) {
      batch.commit(tree.cid());
    }
    progress.published(tree.bytes(), batches.size());
  }

  /** Throws DV440 for each gateway that does not have a block. */
  void readBack(NewSubtree tree, ApplyProgress progress) {
    ReadBack.DEFAULT.verify(gateways, tree, progress::readBack);
    progress.published(tree.bytes(), batches.size(), gateways.size());
  }

  @Override
  public void close() {
    batches.forEach(BlockBatch::close);
  }
}
