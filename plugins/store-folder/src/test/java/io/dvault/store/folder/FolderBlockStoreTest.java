package io.dvault.store.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockBatch;
import io.dvault.dag.BlockStore;
import io.dvault.dag.BlockStoreConformance;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.gateway.GatewayBlockSource;
import io.dvault.gateway.ReadBack;
import io.dvault.gateway.server.TrustlessGateway;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderBlockStoreTest implements BlockStoreConformance {
  @TempDir
  private Path temp;

  private Path folder;
  private FolderBlockStore store;
  private final List<FolderBlockStore> opened = new ArrayList<>();

  @BeforeEach
  void open() {
    folder = temp.resolve("a/blocks");
    store = another();
  }

  @AfterEach
  void close() {
    opened.forEach(FolderBlockStore::close);
  }

  private FolderBlockStore another() {
    FolderBlockStore another = FolderBlockStore.open(folder);
    opened.add(another);
    return another;
  }

  @Override
  public BlockStore store() {
    return store;
  }

  @Override
  public BlockStore reopened() {
    return another();
  }

  private List<Block> putTree(String name, int leaves) {
    List<Block> blocks = BlockStoreConformance.tree(name, leaves);
    store.put(List.of(blocks.getFirst().cid()), blocks);
    return blocks;
  }

  private static void assertHolds(BlockStore store, List<Block> blocks) {
    blocks.forEach(
        block -> assertArrayEquals(block.bytes(), store.get(block.cid()).bytes()));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(path -> path.getFileName().toString())
          .filter(name -> !name.equals(".lock"))
          .sorted()
          .toList();
    }
  }

  private Path only(String suffix) throws IOException {
    List<String> names = files().stream().filter(name -> name.endsWith(suffix)).toList();
    assertEquals(1, names.size(), names::toString);
    return folder.resolve(names.getFirst());
  }

  /** Replaces the file, as everything here does: a mapped index must never shrink under its reader. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Path next = file.resolveSibling("next");
    Files.write(next, bytes);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void put_twoCommits_areTwoCarsInOrderEachWithItsIndex() throws Exception {
    Cid first = putTree("first", 3).getFirst().cid();
    Cid second = putTree("second", 3).getFirst().cid();
    assertEquals(
        List.of(
            "0000000001-" + first + ".car",
            "0000000001-" + first + ".idx",
            "0000000002-" + second + ".car",
            "0000000002-" + second + ".idx"),
        files());
    assertEquals(
        List.of("0000000001-" + first + ".car", "0000000002-" + second + ".car"),
        store.cars().stream().map(car -> car.getFileName().toString()).toList());
  }

  @Test
  void put_twice_writesNothingMore() throws Exception {
    putTree("once", 10);
    List<String> before = files();
    putTree("once", 10);
    assertEquals(before, files());
  }

  @Test
  void get_writtenByAnotherStoreMeanwhile_isFound() {
    FolderBlockStore reader = another();
    assertThrows(
        BlockUnavailableException.class,
        () -> reader.get(BlockStoreConformance.tree("later", 2).getFirst().cid()));
    assertHolds(reader, putTree("later", 2));
  }

  @Test
  void get_moreCarsThanMayStayOpen_readsThemAll() {
    List<Block> all = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      all.addAll(putTree("commit " + i, 1));
    }
    assertHolds(another(), all);
    assertHolds(store, all);
  }

  @Test
  void get_indexMissing_isRebuiltFromTheCar() throws Exception {
    List<Block> blocks = putTree("tree", 300);
    byte[] index = Files.readAllBytes(only(".idx"));
    Files.delete(only(".idx"));
    assertHolds(another(), blocks);
    assertArrayEquals(index, Files.readAllBytes(only(".idx")));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 13, 20, 30, 1100, 5000})
  void get_indexDamagedAnywhere_isRebuiltFromTheCar(int at) throws Exception {
    List<Block> blocks = putTree("tree", 300);
    byte[] good = Files.readAllBytes(only(".idx"));
    byte[] bad = good.clone();
    bad[at] ^= 0x40;
    replace(only(".idx"), bad);
    assertHolds(another(), blocks);
    assertArrayEquals(good, Files.readAllBytes(only(".idx")));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 1000, 5000})
  void get_indexCut_isRebuiltFromTheCar(int length) throws Exception {
    List<Block> blocks = putTree("tree", 300);
    replace(only(".idx"), java.util.Arrays.copyOf(Files.readAllBytes(only(".idx")), length));
    assertHolds(another(), blocks);
  }

  @Test
  void get_indexCannotBeKept_stillReads() throws Exception {
    List<Block> blocks = putTree("tree", 20);
    Path index = only(".idx");
    Files.delete(index);
    Files.createDirectory(index);
    Files.write(index.resolve("in the way"), new byte[1]);
    assertHolds(another(), blocks);
  }

  @Test
  @Tag("T14")
  void get_byteFlippedOnDisk_isRefusedAndPuttingAgainMendsIt() throws Exception {
    List<Block> blocks = putTree("tree", 50);
    Path car = only(".car");
    byte[] bytes = Files.readAllBytes(car);
    bytes[bytes.length - 3] ^= 1;
    Files.write(car, bytes, StandardOpenOption.TRUNCATE_EXISTING);
    Block last = blocks.getLast();
    BlockUnavailableException e =
        assertThrows(BlockUnavailableException.class, () -> store.get(last.cid()));
    assertTrue(
        e.getMessage().contains("do not hash") && e.getMessage().contains(car.toString()),
        e.getMessage());
    putTree("tree", 50);
    assertHolds(store, blocks);
    assertHolds(another(), blocks);
  }

  @Test
  void get_carCutAndIndexGone_servesWhatIsWhole() throws Exception {
    List<Block> blocks = putTree("tree", 50);
    byte[] bytes = Files.readAllBytes(only(".car"));
    Files.write(
        only(".car"),
        java.util.Arrays.copyOf(bytes, bytes.length - 5),
        StandardOpenOption.TRUNCATE_EXISTING);
    Files.delete(only(".idx"));
    FolderBlockStore again = another();
    assertHolds(again, blocks.subList(0, 50));
    assertThrows(
        BlockUnavailableException.class, () -> again.get(blocks.getLast().cid()));
  }

  @Test
  @Tag("T23")
  void put_leftoversOfAKilledPut_areIgnoredAndCleaned() throws Exception {
    Files.write(folder.resolve(".put-dead.tmp"), new byte[100]);
    Files.write(folder.resolve("0000000009-orphan.idx"), new byte[100]);
    List<Block> blocks = putTree("tree", 5);
    assertHolds(store, blocks);
    assertEquals(2, files().size(), () -> "only a CAR and its index");
  }

  @Test
  void open_notAFolder_isADiagnostic() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> FolderBlockStore.open(file));
    assertEquals("DV410", e.diagnostics().getFirst().code());
  }

  @Test
  void put_lockedByAnother_isADiagnosticAfterItsPatience() throws Exception {
    try (FolderLock held = FolderLock.take(folder, Duration.ofSeconds(1))) {
      DiagnosticException e = assertThrows(
          DiagnosticException.class,
          () -> FolderLock.take(folder, Duration.ofMillis(100)).close());
      assertEquals("DV411", e.diagnostics().getFirst().code());
      assertFalse(held.toString().isEmpty());
    }
    FolderLock.take(folder, Duration.ofMillis(100)).close();
  }

  @Test
  @Tag("O11")
  void gateway_writerGone_readersStillGetEveryBlock() {
    List<Block> blocks = putTree("tree", 500);
    store.close();
    try (TrustlessGateway gateway = TrustlessGateway.start(another(), 0);
        GatewayBlockSource reader = new GatewayBlockSource(List.of(gateway.uri()))) {
      ReadBack.DEFAULT.verify(
          Map.of("gateway", reader), blocks.stream().map(Block::cid).toList(), (done, all) -> {});
      assertEquals(501, reader.health().getFirst().served());
    }
  }

  /** Else the sweep of another process would remove the new file before its owner has locked it. */
  @Test
  @Tag("T12")
  void begin_folderLocked_waits() throws Exception {
    FutureTask<BlockBatch> begun = new FutureTask<>(store::begin);
    try (FolderLock _ = FolderLock.take(folder, Duration.ZERO)) {
      Thread.ofPlatform().start(begun);
      assertThrows(TimeoutException.class, () -> begun.get(300, TimeUnit.MILLISECONDS));
      assertEquals(List.of(".lock"), names());
    }
    begun.get(30, TimeUnit.SECONDS).close();
    assertEquals(List.of(".lock"), names());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
