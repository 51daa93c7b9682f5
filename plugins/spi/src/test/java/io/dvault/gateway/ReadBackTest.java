package io.dvault.gateway;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.dag.DagWalk;
import io.dvault.dag.MemoryBlockStore;
import io.dvault.gateway.HostileGateway.Fault;
import io.dvault.gateway.server.BlockTransform;
import io.dvault.gateway.server.TrustlessGateway;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("T30")
class ReadBackTest {
  private static final ReadBack IMPATIENT = new ReadBack(4, Duration.ofMillis(100));
  private final MemoryBlockStore store = new MemoryBlockStore();
  private final List<Cid> cids = new ArrayList<>();

  @BeforeEach
  void fill() {
    for (int i = 0; i < 2_000; i++) {
      Block block = Block.of(Codec.RAW, ("block " + i).getBytes(StandardCharsets.UTF_8));
      store.add(block);
      cids.add(block.cid());
    }
  }

  @Test
  void verify_allThere_readsEachBlockFromEachGateway() {
    AtomicLong last = new AtomicLong();
    try (TrustlessGateway a = TrustlessGateway.start(store, 0);
        TrustlessGateway b = TrustlessGateway.start(store, 0);
        GatewayBlockSource fromA = new GatewayBlockSource(List.of(a.uri()));
        GatewayBlockSource fromB = new GatewayBlockSource(List.of(b.uri()))) {
      ReadBack.DEFAULT.verify(Map.of("a", fromA, "b", fromB), cids, (done, all) -> {
        assertEquals(4_000, all);
        last.accumulateAndGet(done, Math::max);
      });
      assertEquals(4_000, last.get());
      assertEquals(2_000, fromA.health().getFirst().served());
      assertEquals(2_000, fromB.health().getFirst().served());
    }
  }

  @Test
  void verify_oneBlockMissingAtOneGateway_namesBoth() {
    MemoryBlockStore partial = new MemoryBlockStore();
    store.all().forEach(partial::add);
    partial.forget(cids.get(1_234));
    Map<String, BlockSource> gateways = new LinkedHashMap<>(Map.of("whole", store));
    gateways.put("partial", partial);
    DiagnosticException e = assertThrows(
        DiagnosticException.class, () -> IMPATIENT.verify(gateways, cids, (done, all) -> {}));
    assertEquals(1, e.diagnostics().size());
    assertEquals("DV440", e.diagnostics().getFirst().code());
    assertTrue(e.diagnostics()
        .getFirst()
        .detail()
        .getFirst()
        .startsWith("partial has no block " + cids.get(1_234)));
  }

  @Test
  void verify_blockAppearsLate_isWaitedFor() {
    AtomicInteger asked = new AtomicInteger();
    BlockSource late = cid -> {
      if (cid.equals(cids.getLast()) && asked.incrementAndGet() < 3) {
        throw new BlockUnavailableException(cid, List.of("late: not yet"));
      }
      return store.get(cid);
    };
    new ReadBack(4, Duration.ofSeconds(30)).verify(Map.of("late", late), cids, (done, all) -> {});
    assertEquals(3, asked.get());
  }

  @Test
  @Tag("T14")
  void verify_gatewayFlipsAByteOfOneBlock_isRefused() {
    try (HostileGateway hostile = new HostileGateway(store, Fault.NONE);
        GatewayBlockSource source = new GatewayBlockSource(List.of(hostile.uri()))) {
      hostile.misbehaveAt(cids.get(77), Fault.FLIPPED_BYTE);
      DiagnosticException e = assertThrows(
          DiagnosticException.class,
          () ->
              IMPATIENT.verify(Map.of(hostile.uri().toString(), source), cids, (done, all) -> {}));
      assertTrue(e.diagnostics().getFirst().detail().getFirst().contains("hash mismatch"));
    }
  }

  /** How long it takes until a gateway that will never give the block is given up, in milliseconds. */
  private long patienceWith(URI gateway, Duration patience, String why) {
    long start = System.nanoTime();
    try (GatewayBlockSource source = new GatewayBlockSource(List.of(gateway))) {
      DiagnosticException e = assertThrows(
          DiagnosticException.class,
          () -> new ReadBack(4, patience)
              .verify(Map.of("it", source), cids.subList(0, 20), (done, all) -> {}));
      assertTrue(e.diagnostics().getFirst().detail().getFirst().contains(why), e.getMessage());
    }
    return (System.nanoTime() - start) / 1_000_000;
  }

  @Test
  void verify_whatIsNoGateway_isGivenUpSoonerThanOneThatHasNotGotIt() throws IOException {
    HttpServer page =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    page.createContext("/", exchange -> {
      byte[] body = "<!DOCTYPE html><p>Welcome".getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/html");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    page.start();
    try (HostileGateway flipped = new HostileGateway(store, Fault.FLIPPED_BYTE);
        TrustlessGateway empty = TrustlessGateway.start(new MemoryBlockStore(), 0)) {
      int closed;
      try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        closed = port.getLocalPort();
      }
      Duration patience = Duration.ofSeconds(8);
      long refused =
          patienceWith(URI.create("http://127.0.0.1:" + closed), patience, "connection refused");
      URI web = URI.create("http://127.0.0.1:" + page.getAddress().getPort());
      long html = patienceWith(web, patience, "web page");
      long wrong = patienceWith(flipped.uri(), patience, "hash mismatch");
      long absent = patienceWith(empty.uri(), patience, "does not have it (404)");
      for (long each : List.of(refused, html, wrong)) {
        assertTrue(each >= 3_000 && each < 8_000, List.of(refused, html, wrong).toString());
      }
      assertTrue(absent >= 8_000, "the whole patience: " + absent);
    } finally {
      page.stop(0);
    }
  }

  @Test
  void verify_nothingNew_isDone() {
    assertDoesNotThrow(
        () -> IMPATIENT.verify(Map.of("store", store), List.of(), (done, all) -> {}));
    assertDoesNotThrow(() -> IMPATIENT.verify(Map.of(), cids, (done, all) -> {}));
  }

  /** A tree of 20 nodes with 50 leaves each below one root, all new; the root is returned, blocks go to the store. */
  private NewSubtree tree() {
    List<NewSubtree> nodes = new ArrayList<>();
    for (int n = 0; n < 20; n++) {
      List<NewSubtree> leaves = new ArrayList<>();
      for (Cid leaf : cids.subList(50 * n, 50 * n + 50)) {
        leaves.add(NewSubtree.leaf(leaf, store.get(leaf).bytes().length));
      }
      nodes.add(node(leaves, 0, false));
    }
    return node(nodes, 0, true);
  }

  private NewSubtree node(List<NewSubtree> below, int oldLeaves, boolean oldNodes) {
    Block block = Block.of(
        Codec.DAG_CBOR,
        DagCbor.encode(
            CborValue.of(below.stream().map(each -> CborValue.of(each.cid())).toList())));
    store.add(block);
    return NewSubtree.of(block.cid(), block.bytes().length, below, oldLeaves, oldNodes);
  }

  /** What was asked of a gateway: how many CARs, how many single blocks. */
  private record Counted(GatewayBlockSource to, AtomicInteger cars, AtomicInteger blocks)
      implements SubtreeSource {
    static Counted of(GatewayBlockSource to) {
      return new Counted(to, new AtomicInteger(), new AtomicInteger());
    }

    @Override
    public Block get(Cid cid) {
      blocks.incrementAndGet();
      return to.get(cid);
    }

    @Override
    public boolean subtree(Cid root, int maxBytes, Consumer<Block> consumer) {
      cars.incrementAndGet();
      return to.subtree(root, maxBytes, consumer);
    }
  }

  @Test
  void verify_subtreesThatAreAllNew_comeAsOneCarEach() {
    AtomicLong last = new AtomicLong();
    NewSubtree tree = tree();
    try (TrustlessGateway gateway = TrustlessGateway.start(store, 0);
        GatewayBlockSource source = new GatewayBlockSource(List.of(gateway.uri()))) {
      Counted counted = Counted.of(source);
      ReadBack.DEFAULT.verify(Map.of("gateway", counted), tree, (done, all) -> {
        assertEquals(1_021, all);
        last.accumulateAndGet(done, Math::max);
      });
      assertEquals(1_021, last.get(), "each block counts");
      assertEquals(20, counted.cars().get());
      assertEquals(1, counted.blocks().get(), "the root, which leads to its history too");
    }
  }

  @Test
  void verify_leafMissingBelowACar_isNamed() {
    NewSubtree tree = tree();
    store.forget(cids.get(717));
    try (TrustlessGateway gateway = TrustlessGateway.start(store, 0);
        GatewayBlockSource source = new GatewayBlockSource(List.of(gateway.uri()))) {
      DiagnosticException e = assertThrows(
          DiagnosticException.class,
          () -> IMPATIENT.verify(Map.of("gateway", source), tree, (done, all) -> {}));
      assertTrue(e.diagnostics()
          .getFirst()
          .detail()
          .getFirst()
          .startsWith("gateway has no block " + cids.get(717)));
    }
  }

  @Test
  @Tag("T14")
  void verify_gatewayWithoutCarsOrWithBrokenOnes_isReadBlockByBlock() {
    NewSubtree tree = tree();
    try (HostileGateway noCars = new HostileGateway(store, Fault.NONE);
        GatewayBlockSource source = new GatewayBlockSource(List.of(noCars.uri()))) {
      Counted counted = Counted.of(source);
      new ReadBack(1, Duration.ofMillis(100))
          .verify(Map.of("plain", counted), tree, (done, all) -> {});
      assertEquals(1, counted.cars().get(), "asked once");
      assertEquals(1_021, counted.blocks().get());
    }
  }

  @Test
  @Tag("T14")
  void verify_blockDamagedAtTheGateway_isRefusedThoughItCameInACar() {
    NewSubtree tree = tree();
    InetSocketAddress loopback = new InetSocketAddress("127.0.0.1", 0);
    try (TrustlessGateway damaged =
            TrustlessGateway.start(store, loopback, BlockTransform.flipByteOf(cids.get(77)));
        GatewayBlockSource source = new GatewayBlockSource(List.of(damaged.uri()))) {
      DiagnosticException e = assertThrows(
          DiagnosticException.class,
          () -> IMPATIENT.verify(Map.of("damaged", source), tree, (done, all) -> {}));
      assertTrue(
          e.diagnostics().getFirst().detail().getFirst().contains("hash mismatch"), e::toString);
    }
  }

  @Test
  void verify_linksToOldNodes_areNotFollowed() {
    NewSubtree leaf = NewSubtree.leaf(cids.get(0), 7);
    NewSubtree one = node(List.of(leaf), 1, false);
    NewSubtree many =
        node(List.of(NewSubtree.leaf(cids.get(1), 7), NewSubtree.leaf(cids.get(2), 7)), 4, false);
    NewSubtree root = node(List.of(one, many), 0, true);
    List<Cid> single = Collections.synchronizedList(new ArrayList<>());
    List<Cid> cars = Collections.synchronizedList(new ArrayList<>());
    SubtreeSource source = new SubtreeSource() {
      @Override
      public Block get(Cid cid) {
        single.add(cid);
        return store.get(cid);
      }

      @Override
      public boolean subtree(Cid cid, int maxBytes, Consumer<Block> consumer) {
        cars.add(cid);
        DagWalk.<RuntimeException>walk(store, cid, 10, each -> true, consumer::accept);
        return true;
      }
    };
    ReadBack.DEFAULT.verify(Map.of("gateway", source), root, (done, all) -> {});
    assertEquals(
        List.of(one.cid()), cars, "one old bundle more is no reason to ask block by block");
    assertEquals(Set.of(root.cid(), many.cid(), cids.get(1), cids.get(2)), Set.copyOf(single));
  }
}
