package io.dvault.dag;

import io.dvault.cbor.Cid;
import java.util.Collection;
import java.util.List;

/** Something that keeps blocks. {@link #put} returns only when every block is durable there. */
public interface BlockStore extends BlockSource, AutoCloseable {
  /**
   * Stores one commit's new blocks together (as one CAR). Idempotent.
   *
   * @param roots the roots of the CAR, usually the one new vault root
   */
  void put(List<Cid> roots, Collection<Block> blocks);

  /**
   * Begins to take one commit's new blocks while they are made, when nobody knows the root yet.
   * Unless a store does better,
   * they wait in memory.
   */
  default BlockBatch begin() {
    return new WaitingBatch(this);
  }

  /** Where and what this is, for people: {@code folder .dvault/blocks}. */
  String describe();

  @Override
  default void close() {}
}
