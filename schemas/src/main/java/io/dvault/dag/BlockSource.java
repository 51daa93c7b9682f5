package io.dvault.dag;

import io.dvault.cbor.Cid;

/** Something that blocks can be read from. Implementations return only bytes that hash to the id asked for. */
public interface BlockSource {
  /**
   * Returns the block, or throws {@link BlockUnavailableException}: absence is never an answer.
   * docs/threat-model.md T17.
   */
  Block get(Cid cid);
}
