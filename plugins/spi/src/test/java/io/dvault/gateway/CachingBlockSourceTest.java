package io.dvault.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.Codec;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.dag.MemoryBlockStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachingBlockSourceTest {
  @TempDir
  private Path temp;

  private final MemoryBlockStore store = new MemoryBlockStore();
  private final AtomicInteger asked = new AtomicInteger();
  private final BlockSource upstream = cid -> {
    asked.incrementAndGet();
    return store.get(cid);
  };

  private Block add(int number, int length) {
    byte[] bytes = new byte[length];
    bytes[0] = (byte) number;
    bytes[1] = (byte) (number >> 8);
    Block block = Block.of(Codec.RAW, bytes);
    store.add(block);
    return block;
  }

  private CachingBlockSource cache(long maxBytes) {
    return new CachingBlockSource(upstream, temp.resolve("cache"), maxBytes);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(temp.resolve("cache"))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void get_twice_asksUpstreamOnceAlsoAfterARestart() {
    Block block = add(1, 100);
    cache(1 << 20).get(block.cid());
    assertArrayEquals(block.bytes(), cache(1 << 20).get(block.cid()).bytes());
    assertEquals(1, asked.get());
  }

  @Test
  @Tag("T14")
  void get_fileChangedOnDisk_isFetchedAgainAndMended() throws Exception {
    Block block = add(1, 100);
    CachingBlockSource cache = cache(1 << 20);
    cache.get(block.cid());
    for (byte[] bad : List.of(new byte[100], new byte[0], new byte[Block.MAX_LENGTH + 1])) {
      Files.write(files().getFirst(), bad);
      assertArrayEquals(block.bytes(), cache.get(block.cid()).bytes());
      assertArrayEquals(block.bytes(), Files.readAllBytes(files().getFirst()));
    }
    assertEquals(4, asked.get());
  }

  @Test
  void get_more_thanItMayHold_staysBelowItsBound() throws Exception {
    CachingBlockSource cache = cache(200_000);
    for (int i = 0; i < 300; i++) {
      cache.get(add(i, 1000).cid());
    }
    long bytes = 0;
    for (Path file : files()) {
      bytes += Files.size(file);
    }
    assertTrue(bytes <= 200_000 && bytes > 10_000, "holds " + bytes);
    assertTrue(cache.find(add(299, 1000).cid()).isPresent(), "the newest stays");
    assertTrue(cache.find(add(0, 1000).cid()).isEmpty(), "the oldest goes");
  }

  @Test
  void get_folderCannotBeWritten_stillGivesTheBlock() throws Exception {
    Block block = add(1, 100);
    Files.writeString(temp.resolve("cache"), "a file in the way");
    assertArrayEquals(block.bytes(), cache(1 << 20).get(block.cid()).bytes());
  }

  @Test
  void get_nowhere_isUnavailable() {
    Block gone = add(1, 10);
    store.forget(gone.cid());
    assertThrows(BlockUnavailableException.class, () -> cache(1 << 20).get(gone.cid()));
  }
}
