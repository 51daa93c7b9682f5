package io.dvault.store.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.dag.Block;
import io.dvault.dag.BlockBatch;
import io.dvault.dag.BlockStoreConformance;
import io.dvault.dag.BlockUnavailableException;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("T23")
class KilledPutTest {
  @TempDir
  private Path folder;

  /** Runs in a process of its own: puts one tree after the other; halts in the named step of the second and waits. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws Exception {
      int[] put = {0};
      FolderBlockStore store = FolderBlockStore.open(Path.of(args[0]), step -> {
        if (put[0] == 2 && step.equals(args[1])) {
          System.out.println("at " + step);
          pause();
        }
      });
      for (put[0] = 1; put[0] < 10_000; put[0]++) {
        List<Block> blocks = BlockStoreConformance.tree("tree " + put[0], 40);
        if (args[2].equals("batch")) {
          try (BlockBatch batch = store.begin()) {
            blocks.forEach(batch::add);
            batch.commit(blocks.getFirst().cid());
          }
        } else {
          store.put(List.of(blocks.getFirst().cid()), blocks);
        }
        System.out.println("put " + put[0]);
      }
    }

    private static void pause() {
      try {
        Thread.sleep(60_000);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private ProcessBuilder builder(String step) {
    return builder(step, "put");
  }

  private ProcessBuilder builder(String step, String how) {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Writer.class.getName(),
            folder.toString(),
            step,
            how)
        .redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private static void kill(Process writer) throws InterruptedException {
    writer.destroyForcibly(); // SIGKILL
    assertTrue(writer.waitFor(10, TimeUnit.SECONDS));
  }

  private void assertWhole(FolderBlockStore store, int tree) {
    BlockStoreConformance.tree("tree " + tree, 40)
        .forEach(
            block -> assertArrayEquals(block.bytes(), store.get(block.cid()).bytes()));
  }

  @ParameterizedTest
  @CsvSource({
    "locked, false",
    "car begun, false",
    "car written, false",
    "car synced, false",
    "index written, false",
    "index renamed, false",
    "car renamed, true",
    "folder synced, true",
  })
  void put_killedInAStep_isWhollyThereOrNotAtAllAndCanBeRepeated(String step, boolean there)
      throws Exception {
    killedInAStep(step, there, "put");
  }

  @ParameterizedTest
  @CsvSource({
    "car begun, false",
    "car written, false",
    "car synced, false",
    "locked, false",
    "index written, false",
    "index renamed, false",
    "car renamed, true",
    "folder synced, true",
  })
  void batch_killedInAStep_isWhollyThereOrNotAtAllAndLeavesNothing(String step, boolean there)
      throws Exception {
    killedInAStep(step, there, "batch");
  }

  /** While its process lives, another's put lets a batch be; see the count of files for what happens afterwards. */
  private void killedInAStep(String step, boolean there, String how) throws Exception {
    Process writer = builder(step, how).start();
    try (BufferedReader out = writer.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("put 1", out.readLine());
      assertEquals("at " + step, out.readLine());
      if (how.equals("batch")
          && step.startsWith("car ")
          && !there) { // before it takes the folder's lock
        putWhileItLives();
      }
    } finally {
      kill(writer);
    }
    try (FolderBlockStore store = FolderBlockStore.open(folder)) {
      assertWhole(store, 1);
      List<Block> second = BlockStoreConformance.tree("tree 2", 40);
      if (there) {
        assertWhole(store, 2);
      } else {
        second.forEach(
            block -> assertThrows(BlockUnavailableException.class, () -> store.get(block.cid())));
      }
      store.put(List.of(second.getFirst().cid()), second);
      assertWhole(store, 2);
      int cars = store.cars().size();
      assertTrue(
          cars == 2 || cars == 3 && store.get(other().getFirst().cid()) != null, "cars: " + cars);
      try (Stream<Path> files = Files.list(folder)) {
        assertEquals(2 * cars + 1, files.count(), "the CARs, their indexes and the lock");
      }
    }
  }

  private static List<Block> other() {
    return BlockStoreConformance.tree("of another process", 3);
  }

  private void putWhileItLives() throws Exception {
    try (FolderBlockStore store = FolderBlockStore.open(folder);
        Stream<Path> before = Files.list(folder)) {
      List<Path> temporary =
          before.filter(file -> file.toString().endsWith(".tmp")).toList();
      assertEquals(1, temporary.size());
      store.put(List.of(other().getFirst().cid()), other());
      assertTrue(Files.exists(temporary.getFirst()), "swept though its process lives");
    }
  }

  @Test
  void put_killedAtRandomTimes_keepsEveryPutThatReturned() throws Exception {
    int confirmed = 0;
    for (int round = 0; round < 5; round++) {
      Path said = folder.resolve("said");
      Process writer = builder("no such step").redirectOutput(said.toFile()).start();
      for (int i = 0; i < 3_000 && !Files.readString(said).contains("put "); i++) {
        Thread.sleep(10); // a busy machine starts a process slowly
      }
      Thread.sleep(97L * round);
      kill(writer);
      for (String line : Files.readAllLines(said)) {
        if (line.matches("put [0-9]+")) {
          confirmed = Math.max(confirmed, Integer.parseInt(line.substring(4)));
        }
      }
      try (FolderBlockStore store = FolderBlockStore.open(folder)) {
        for (int tree = 1; tree <= confirmed; tree++) {
          assertWhole(store, tree);
        }
      }
    }
    assertTrue(confirmed > 0, "the writer got somewhere before it was killed");
  }
}
