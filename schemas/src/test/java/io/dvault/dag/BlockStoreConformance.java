package io.dvault.dag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/**
 * What every block store does. A store's own test class implements this, makes its store in {@link #store}, and gets
 * these tests; the kit is in the test-jar of schemas.
 */
public interface BlockStoreConformance {
  /** The store under test, the same one throughout a test; the implementor closes it. */
  BlockStore store() throws Exception;

  /** A second view of what {@link #store} keeps, as after a restart; the same object where there is no such thing. */
  default BlockStore reopened() throws Exception {
    return store();
  }

  private static Block raw(String text) {
    return Block.of(Codec.RAW, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Block node(Block... links) {
    List<CborValue> items = new ArrayList<>();
    for (Block link : links) {
      items.add(CborValue.of(link.cid()));
    }
    return Block.of(Codec.DAG_CBOR, DagCbor.encode(CborValue.of(items)));
  }

  @Test
  default void get_whatWasPut_isTheSameBytes() throws Exception {
    Block leaf = raw("leaf");
    Block root = node(leaf);
    store().put(List.of(root.cid()), List.of(root, leaf));
    for (Block block : List.of(root, leaf)) {
      Block read = store().get(block.cid());
      assertEquals(block.cid(), read.cid());
      assertArrayEquals(block.bytes(), read.bytes());
    }
  }

  @Test
  default void get_whatWasNeverPut_throwsUnavailableWithItsIdAndWhoWasAsked() throws Exception {
    Cid cid = raw("never put").cid();
    BlockUnavailableException unavailable =
        assertThrows(BlockUnavailableException.class, () -> store().get(cid));
    assertEquals(cid, unavailable.cid());
    assertFalse(unavailable.attempts().isEmpty());
  }

  @Test
  default void get_sameDigestUnderTheOtherCodec_isAnotherBlock() throws Exception {
    Block root = node();
    store().put(List.of(root.cid()), List.of(root));
    Cid other = new Cid(Codec.RAW, root.cid().digest());
    try {
      assertEquals(
          other,
          store().get(other).cid()); // a store by digest may know it, and must say so rightly
    } catch (BlockUnavailableException e) {
      assertEquals(other, e.cid());
    }
  }

  @Test
  default void put_twiceAndInParts_isIdempotent() throws Exception {
    Block leaf = raw("shared leaf");
    Block first = node(leaf);
    Block second = node(leaf, first);
    store().put(List.of(first.cid()), List.of(first, leaf));
    store().put(List.of(first.cid()), List.of(first, leaf));
    store().put(List.of(second.cid()), List.of(second, leaf));
    for (Block block : List.of(leaf, first, second)) {
      assertArrayEquals(block.bytes(), store().get(block.cid()).bytes());
    }
  }

  @Test
  default void put_emptyAndLargestBlock_areKept() throws Exception {
    byte[] most = new byte[Block.MAX_LENGTH];
    new Random(1).nextBytes(most);
    Block large = Block.of(Codec.RAW, most);
    Block empty = Block.of(Codec.RAW, new byte[0]);
    Block root = node(large, empty);
    store().put(List.of(root.cid()), List.of(root, large, empty));
    assertArrayEquals(most, store().get(large.cid()).bytes());
    assertEquals(0, store().get(empty.cid()).bytes().length);
  }

  @Test
  default void put_manyBlocks_areAllThereAfterReopening() throws Exception {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      blocks.add(raw("block " + i));
    }
    Block root = node(blocks.toArray(Block[]::new));
    blocks.addFirst(root);
    store().put(List.of(root.cid()), blocks);
    BlockStore again = reopened();
    for (Block block : blocks) {
      assertArrayEquals(block.bytes(), again.get(block.cid()).bytes());
    }
  }

  @Test
  default void put_fromManyThreads_losesNothing() throws Exception {
    BlockStore store = store();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int number = i;
      threads.add(Thread.ofPlatform().start(() -> {
        try {
          for (int round = 0; round < 5; round++) {
            Block leaf = raw("thread " + number + " round " + round);
            Block root = node(leaf);
            store.put(List.of(root.cid()), List.of(root, leaf));
            assertArrayEquals(leaf.bytes(), store.get(leaf.cid()).bytes());
          }
        } catch (RuntimeException | AssertionError e) {
          failures.add(e);
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(failures.isEmpty(), failures::toString);
    for (int i = 0; i < 20; i++) {
      Block leaf = raw("thread " + i / 5 + " round " + i % 5);
      assertArrayEquals(leaf.bytes(), store.get(leaf.cid()).bytes());
    }
  }

  @Test
  default void begin_addedFromManyThreadsThenCommitted_isAllThereAfterReopening() throws Exception {
    List<Block> leaves = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      leaves.add(raw("batched " + i));
    }
    Block root = node(leaves.toArray(Block[]::new));
    try (BlockBatch batch = store().begin()) {
      leaves.parallelStream().forEach(batch::add);
      batch.add(leaves.getFirst()); // twice is once
      assertThrows(
          BlockUnavailableException.class,
          () -> store().get(leaves.getFirst().cid()),
          "before the commit");
      batch.add(root);
      batch.commit(root.cid());
    }
    BlockStore again = reopened();
    assertArrayEquals(root.bytes(), again.get(root.cid()).bytes());
    for (Block leaf : leaves) {
      assertArrayEquals(leaf.bytes(), again.get(leaf.cid()).bytes());
    }
  }

  @Test
  default void begin_closedWithoutCommit_leavesNothing() throws Exception {
    Block leaf = raw("given up");
    try (BlockBatch batch = store().begin()) {
      batch.add(leaf);
    }
    assertThrows(BlockUnavailableException.class, () -> reopened().get(leaf.cid()));
  }

  @Test
  default void begin_otherPutsMeanwhile_areIndependent() throws Exception {
    Block mine = raw("in the batch");
    Block root = node(mine);
    Block theirs = node(raw("meanwhile"));
    try (BlockBatch batch = store().begin()) {
      batch.add(mine);
      reopened().put(List.of(theirs.cid()), List.of(theirs, raw("meanwhile")));
      batch.add(root);
      batch.commit(root.cid());
    }
    assertArrayEquals(theirs.bytes(), store().get(theirs.cid()).bytes());
    assertArrayEquals(mine.bytes(), store().get(mine.cid()).bytes());
  }

  @Test
  default void describe_always_saysWhatAndWhere() throws Exception {
    assertFalse(store().describe().isBlank());
    assertEquals(1, store().describe().lines().count());
  }

  /** A node over leaves, and what else it links to; the node comes first. */
  static List<Block> tree(String name, int leaves, Cid... more) {
    List<Block> blocks = new ArrayList<>();
    List<CborValue> links = new ArrayList<>();
    for (Cid each : more) {
      links.add(CborValue.of(each));
    }
    for (int i = 0; i < leaves; i++) {
      byte[] bytes = (name + " leaf " + i).getBytes(StandardCharsets.UTF_8);
      Block leaf = Block.of(Codec.RAW, bytes);
      blocks.add(leaf);
      links.add(CborValue.of(leaf.cid()));
    }
    blocks.addFirst(Block.of(Codec.DAG_CBOR, DagCbor.encode(CborValue.of(links))));
    return blocks;
  }
}
