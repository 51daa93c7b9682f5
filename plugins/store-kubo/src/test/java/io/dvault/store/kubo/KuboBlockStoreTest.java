package io.dvault.store.kubo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.dag.Block;
import io.dvault.dag.BlockStore;
import io.dvault.dag.BlockStoreConformance;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.dag.CarWriter;
import io.dvault.dag.MemoryBlockStore;
import io.dvault.gateway.GatewayBlockSource;
import io.dvault.gateway.ReadBack;
import io.dvault.gateway.server.TrustlessGateway;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import io.dvault.testing.KuboDaemon;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real Kubo. */
@Tag("peer:ipfs")
class KuboBlockStoreTest implements BlockStoreConformance {
  @TempDir
  private static Path folder;

  private static KuboDaemon kubo;
  private KuboBlockStore store;

  @BeforeAll
  static void start() throws Exception {
    kubo = KuboDaemon.start(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    if (kubo != null) {
      kubo.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    store = KuboBlockStore.open(kubo.api(), Optional.empty());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  public BlockStore store() {
    return store;
  }

  @Override
  public BlockStore reopened() {
    return store;
  }

  private static Cid root(List<Block> tree) {
    return tree.getFirst().cid();
  }

  private void put(List<Block> tree) {
    store.put(List.of(root(tree)), tree);
  }

  private void assertHolds(List<Block> blocks) {
    blocks.forEach(
        block -> assertArrayEquals(block.bytes(), store.get(block.cid()).bytes()));
  }

  @Test
  @Tag("T30")
  void put_thenGarbageCollection_keepsTheWholeHistoryOfThePinnedRoots() throws Exception {
    List<Block> first = BlockStoreConformance.tree("first", 20);
    List<Block> second = BlockStoreConformance.tree("second", 20, root(first));
    put(first);
    put(second);
    Block loose = Block.of(Codec.RAW, "nobody pins this".getBytes(StandardCharsets.UTF_8));
    store.put(List.of(), List.of(loose));
    kubo.ipfs("repo", "gc");
    assertTrue(store.isPinned(root(first)));
    assertTrue(store.isPinned(root(second)));
    assertHolds(first);
    assertHolds(second);
    assertThrows(
        BlockUnavailableException.class,
        () -> store.get(loose.cid()),
        "the collection was a real one");
  }

  @Test
  @Tag("T30")
  void put_pinLostAndCollected_isSeenAndPuttingAgainMendsIt() throws Exception {
    List<Block> blocks = BlockStoreConformance.tree("lost", 5);
    put(blocks);
    store.unpin(root(blocks));
    assertFalse(store.isPinned(root(blocks)));
    kubo.ipfs("repo", "gc");
    blocks.forEach(
        block -> assertThrows(BlockUnavailableException.class, () -> store.get(block.cid())));
    put(blocks);
    kubo.ipfs("repo", "gc");
    assertTrue(store.isPinned(root(blocks)));
    assertHolds(blocks);
  }

  @Test
  @Tag("T30")
  void readBack_oneOfTwoLostItsBlocks_readersTakeTheOther() throws Exception {
    List<Block> blocks = BlockStoreConformance.tree("two homes", 30);
    put(blocks);
    MemoryBlockStore other = new MemoryBlockStore();
    other.put(List.of(root(blocks)), blocks);
    List<Cid> cids = blocks.stream().map(Block::cid).toList();
    try (TrustlessGateway second = TrustlessGateway.start(other, 0);
        GatewayBlockSource fromKubo = new GatewayBlockSource(List.of(kubo.gateway()));
        GatewayBlockSource fromBoth =
            new GatewayBlockSource(List.of(kubo.gateway(), second.uri()))) {
      ReadBack.DEFAULT.verify(Map.of("kubo", fromKubo, "both", fromBoth), cids, (done, all) -> {});
      store.unpin(root(blocks));
      kubo.ipfs("repo", "gc");
      ReadBack impatient = new ReadBack(4, Duration.ofMillis(100));
      DiagnosticException e = assertThrows(
          DiagnosticException.class,
          () -> impatient.verify(Map.of("kubo", fromKubo), cids, (done, all) -> {}));
      assertEquals("DV440", e.diagnostics().getFirst().code());
      impatient.verify(Map.of("both", fromBoth), cids, (done, all) -> {});
    }
  }

  @Test
  void put_earlierRootMissing_saysWhichAndHowToFillIt() {
    List<Block> never = BlockStoreConformance.tree("never put", 3);
    List<Block> late = BlockStoreConformance.tree("late", 3, root(never));
    DiagnosticException e = assertThrows(DiagnosticException.class, () -> put(late));
    assertEquals("DV422", e.diagnostics().getFirst().code());
    assertTrue(
        e.diagnostics().getFirst().detail().getFirst().contains(root(never).toString()));
    put(never);
    put(late);
    assertTrue(store.isPinned(root(late)));
  }

  @Test
  void pin_blocksMissingDeepBelow_isADiagnosticNotSuccess() {
    List<Block> partial = BlockStoreConformance.tree("partial", 3);
    Block middle = partial.getFirst();
    Block top =
        Block.of(Codec.DAG_CBOR, DagCbor.encode(CborValue.of(List.of(CborValue.of(middle.cid())))));
    DiagnosticException e = assertThrows(
        DiagnosticException.class,
        () -> store.put(List.of(top.cid()), List.of(top, middle))); // the leaves are missing
    assertEquals("DV422", e.diagnostics().getFirst().code());
    assertFalse(store.isPinned(top.cid()));
  }

  @Test
  @Tag("O3")
  void gatewayOfKubo_readsOverPathAndOverItsSubdomainRedirect() throws Exception {
    List<Block> blocks = BlockStoreConformance.tree("served by kubo", 3);
    put(blocks);
    URI viaRedirect =
        URI.create("http://localhost:" + kubo.gateway().getPort()); // 301 to {cid}.ipfs.localhost
    for (URI gateway : List.of(kubo.gateway(), viaRedirect)) {
      try (GatewayBlockSource reader = new GatewayBlockSource(List.of(gateway))) {
        blocks.forEach(
            block -> assertArrayEquals(block.bytes(), reader.get(block.cid()).bytes()));
        Cid absent = BlockStoreConformance.tree("absent", 1).getFirst().cid();
        assertThrows(BlockUnavailableException.class, () -> reader.get(absent));
      }
    }
  }

  @Test
  void dagImport_carOfOurs_isTakenAsItIs() throws Exception {
    List<Block> blocks = BlockStoreConformance.tree("as a file", 200);
    Path car = folder.resolve("ours.car");
    try (OutputStream out = Files.newOutputStream(car)) {
      CarWriter writer = new CarWriter(out, List.of(root(blocks)));
      for (Block block : blocks) {
        writer.write(block);
      }
    }
    kubo.ipfs("dag", "import", car.toString());
    assertTrue(store.isPinned(root(blocks)));
    assertHolds(blocks);
  }

  @Test
  void open_nobodyListens_isADiagnostic() {
    DiagnosticException e = assertThrows(
        DiagnosticException.class,
        () -> KuboBlockStore.open(URI.create("http://127.0.0.1:1"), Optional.empty()));
    assertEquals("DV420", e.diagnostics().getFirst().code());
  }

  @Test
  void open_gatewayInsteadOfApi_isADiagnostic() throws Exception {
    URI gateway = kubo.gateway();
    DiagnosticException e = assertThrows(
        DiagnosticException.class, () -> KuboBlockStore.open(gateway, Optional.empty()));
    assertEquals("DV423", e.diagnostics().getFirst().code());
  }

  @Test
  void open_accessIsLimited_needsTheRightSecret(@TempDir Path own) throws Exception {
    String rules = "{\"dvault\":{\"AuthSecret\":\"bearer:right\",\"AllowedPaths\":[\"/api/v0\"]}}";
    try (KuboDaemon guarded =
        KuboDaemon.start(own, List.of("--json", "API.Authorizations", rules))) {
      for (Optional<String> wrong :
          List.of(Optional.<String>empty(), Optional.of("Bearer wrong"))) {
        URI api = guarded.api();
        DiagnosticException e = assertThrows(
            DiagnosticException.class,
            () -> KuboBlockStore.open(api, wrong.map(KuboBlockStoreTest::secret)));
        assertEquals("DV421", e.diagnostics().getFirst().code());
        assertFalse(e.diagnostics().toString().contains("wrong"), "no secret in a message");
      }
      try (KuboBlockStore allowed =
          KuboBlockStore.open(guarded.api(), Optional.of(secret("Bearer right")))) {
        List<Block> blocks = BlockStoreConformance.tree("guarded", 2);
        allowed.put(List.of(root(blocks)), blocks);
        assertTrue(allowed.isPinned(root(blocks)));
      }
    }
  }

  private static SecretBytes secret(String value) {
    return SecretBytes.copyOf(value.getBytes(StandardCharsets.US_ASCII));
  }
}
