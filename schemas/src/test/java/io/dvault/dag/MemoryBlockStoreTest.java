package io.dvault.dag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.Codec;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryBlockStoreTest implements BlockStoreConformance {
  private final MemoryBlockStore store = new MemoryBlockStore();

  @Override
  public BlockStore store() {
    return store;
  }

  @Test
  void forget_blockThatIsThere_isUnavailableFromThen() {
    Block block = Block.of(Codec.RAW, new byte[] {1});
    store.add(block);
    assertEquals(List.of(block), store.all());
    assertTrue(store.forget(block.cid()));
    assertFalse(store.forget(block.cid()));
    assertThrows(BlockUnavailableException.class, () -> store.get(block.cid()));
  }
}
