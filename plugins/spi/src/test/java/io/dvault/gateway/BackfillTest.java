package io.dvault.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.dag.Block;
import io.dvault.dag.BlockStore;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.dag.MemoryBlockStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackfillTest {
  private final MemoryBlockStore source = new MemoryBlockStore();
  private final Block shared = add(Block.of(Codec.RAW, new byte[] {1}));
  private final Block first = node(Map.of("shared", CborValue.of(shared.cid())));
  private final Block second = node(Map.of(
      "prev",
      CborValue.of(first.cid()),
      "shared",
      CborValue.of(shared.cid()),
      "n",
      CborValue.of(2)));
  private final Block third = node(Map.of("prev", CborValue.of(second.cid())));
  private final List<Cid> roots =
      Stream.of(first, second, third).map(Block::cid).toList();

  private Block add(Block block) {
    source.add(block);
    return block;
  }

  private Block node(Map<String, CborValue> entries) {
    return add(Block.of(Codec.DAG_CBOR, DagCbor.encode(CborValue.of(entries))));
  }

  /** Records each put. */
  private static final class Recording implements BlockStore {
    private final MemoryBlockStore memory = new MemoryBlockStore();
    private final List<List<Cid>> puts = new ArrayList<>();

    @Override
    public Block get(Cid cid) {
      return memory.get(cid);
    }

    @Override
    public void put(List<Cid> roots, Collection<Block> blocks) {
      puts.add(blocks.stream().map(Block::cid).toList());
      memory.put(roots, blocks);
    }

    @Override
    public String describe() {
      return "recording";
    }
  }

  @Test
  void fill_emptyStore_putsEachRootOldestFirstWithWhatIsNew() {
    Recording late = new Recording();
    assertEquals(4, Backfill.fill(source, late, roots));
    assertEquals(
        List.of(List.of(first.cid(), shared.cid()), List.of(second.cid()), List.of(third.cid())),
        late.puts);
  }

  @Test
  void fill_storeHasTheBeginning_putsTheRestOnly() {
    Recording late = new Recording();
    late.memory.put(List.of(first.cid()), List.of(first, shared));
    assertEquals(2, Backfill.fill(source, late, roots));
    assertEquals(List.of(List.of(second.cid()), List.of(third.cid())), late.puts);
    assertEquals(0, Backfill.fill(source, late, roots));
  }

  @Test
  void fill_blockNowhere_putsWholeRootsOnly() {
    Recording late = new Recording();
    source.forget(second.cid());
    assertThrows(BlockUnavailableException.class, () -> Backfill.fill(source, late, roots));
    assertEquals(1, late.puts.size());
  }
}
