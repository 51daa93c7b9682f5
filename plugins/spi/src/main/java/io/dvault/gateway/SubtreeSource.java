package io.dvault.gateway;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import java.util.function.Consumer;

/** A source that may give a block and all below it in one answer. */
public interface SubtreeSource extends BlockSource {
  /**
   * Tells {@code consumer} each block that came, hashed, and nothing else of the answer; how many
   * came, the caller counts.
   * Never throws for what is missing or wrong: blocks that did not come can be asked for one by one.
   *
   * @param maxBytes of the whole answer
   * @return whether this source answers such questions at all
   */
  boolean subtree(Cid root, int maxBytes, Consumer<Block> consumer);
}
