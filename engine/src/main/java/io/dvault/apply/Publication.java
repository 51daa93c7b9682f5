package io.dvault.apply;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockStore;
import io.dvault.gateway.ReadBack;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Puts new blocks to every store and reads them back from every gateway, before anything commits to them. */
final class Publication {
  private final Collection<BlockStore> stores;
  private final Map<String, BlockSource> gateways;

  /** @param gateways each alone, by its URL */
  Publication(Collection<BlockStore> stores, Map<String, BlockSource> gateways) {
    this.stores = List.copyOf(stores);
    this.gateways = Map.copyOf(gateways);
  }

  void put(Cid root, List<Block> blocks, ApplyProgress progress) {
    for (BlockStore store : stores) {
      store.put(List.of(root), blocks);
    }
    progress.published(bytes(blocks), stores.size());
  }

  /** Throws DV440 for each gateway that does not have a block. */
  void readBack(List<Block> blocks, ApplyProgress progress) {
    ReadBack.DEFAULT.verify(gateways, blocks.stream().map(Block::cid).toList(), progress::readBack);
    progress.published(bytes(blocks), stores.size(), gateways.size());
  }

  static long bytes(Collection<Block> blocks) {
    return blocks.stream().mapToLong(block -> block.bytes().length).sum();
  }
}
