package io.dvault.dag;

import io.dvault.cbor.Cid;

/**
 * One commit's new blocks on their way into a store, handed over as they are made, so that nobody has to hold them all.
 * No reader sees one of them before {@link #commit}. Adding is thread-safe; the last two are for
 * one thread, after that.
 */
public interface BlockBatch extends AutoCloseable {
  /** Takes a block; one that comes twice is kept once. */
  void add(Block block);

  /** Returns when every block is durable in the store under {@code root}, one of them. At most once. */
  void commit(Cid root);

  /** Without a commit before, nothing that was added stays. */
  @Override
  void close();
}
