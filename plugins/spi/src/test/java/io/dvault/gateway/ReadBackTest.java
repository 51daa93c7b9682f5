package io.dvault.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.dag.MemoryBlockStore;
import io.dvault.gateway.HostileGateway.Fault;
import io.dvault.gateway.server.TrustlessGateway;
import io.dvault.model.DiagnosticException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> IMPATIENT.verify(gateways, cids, (done, all) -> { }));
    assertEquals(1, e.diagnostics().size());
    assertEquals("DV440", e.diagnostics().getFirst().code());
    assertTrue(e.diagnostics().getFirst().detail().getFirst().startsWith("partial has no block " + cids.get(1_234)));
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
    new ReadBack(4, Duration.ofSeconds(30)).verify(Map.of("late", late), cids, (done, all) -> { });
    assertEquals(3, asked.get());
  }

  @Test
  @Tag("T14")
  void verify_gatewayFlipsAByteOfOneBlock_isRefused() {
    try (HostileGateway hostile = new HostileGateway(store, Fault.NONE);
        GatewayBlockSource source = new GatewayBlockSource(List.of(hostile.uri()))) {
      hostile.misbehaveAt(cids.get(77), Fault.FLIPPED_BYTE);
      DiagnosticException e = assertThrows(DiagnosticException.class,
          () -> IMPATIENT.verify(Map.of(hostile.uri().toString(), source), cids, (done, all) -> { }));
      assertTrue(e.diagnostics().getFirst().detail().getFirst().contains("hash mismatch"));
    }
  }

  @Test
  void verify_nothingNew_isDone() {
    IMPATIENT.verify(Map.of("store", store), List.of(), (done, all) -> { });
    IMPATIENT.verify(Map.of(), cids, (done, all) -> { });
  }
}
