package io.dvault.dag;

import io.dvault.cbor.Cid;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Blocks in memory, for staging and for tests; "durable" means until the process ends. Thread-safe. */
public final class MemoryBlockStore implements BlockStore {
  private final ConcurrentMap<Cid, Block> blocks = new ConcurrentHashMap<>();

  @Override
  public Block get(Cid cid) {
    Block block = blocks.get(cid);
    if (block == null) {
      throw new BlockUnavailableException(cid, List.of(describe() + ": not there"));
    }
    return block;
  }

  @Override
  public void put(List<Cid> roots, Collection<Block> added) {
    added.forEach(this::add);
  }

  public void add(Block block) {
    blocks.put(block.cid(), block);
  }

  /** Drops a block, as a careless garbage collection would; returns whether it was there. */
  public boolean forget(Cid cid) {
    return blocks.remove(cid) != null;
  }

  /** A snapshot, in order of id. */
  public List<Block> all() {
    return blocks.values().stream().sorted((a, b) -> a.cid().compareTo(b.cid())).toList();
  }

  @Override
  public String describe() {
    return "memory (" + blocks.size() + " blocks)";
  }
}
