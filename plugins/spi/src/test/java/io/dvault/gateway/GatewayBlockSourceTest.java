package io.dvault.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.gateway.HostileGateway.Fault;
import io.dvault.model.DiagnosticException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("T14")
class GatewayBlockSourceTest {
  private static final GatewayLimits SHORT = new GatewayLimits(
      Duration.ofSeconds(5),
      Duration.ofSeconds(2),
      Duration.ofSeconds(15),
      Duration.ofSeconds(1),
      512,
      Block.MAX_LENGTH,
      2);
  private final Map<Cid, Block> blocks = new HashMap<>();
  private final BlockSource memory = cid -> {
    if (!blocks.containsKey(cid)) {
      throw new BlockUnavailableException(cid, List.of("memory: not here"));
    }
    return blocks.get(cid);
  };
  private final Block block = add(4096);
  private Instant now = Instant.parse("2026-11-23T00:00:00Z");

  private Block add(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    Block added = Block.of(Codec.RAW, bytes);
    blocks.put(added.cid(), added);
    return added;
  }

  private GatewayBlockSource source(GatewayLimits limits, URI... gateways) {
    Clock clock = new Clock() {
      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now;
      }
    };
    return new GatewayBlockSource(List.of(gateways), limits, clock);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, 100_000, Block.MAX_LENGTH})
  void get_honestGateway_returnsTheBlock(int length) {
    Block wanted = add(length);
    try (HostileGateway honest = new HostileGateway(memory, Fault.NONE);
        GatewayBlockSource source = source(GatewayLimits.DEFAULT, honest.uri())) {
      assertArrayEquals(wanted.bytes(), source.get(wanted.cid()).bytes());
      assertEquals(1, source.health().getFirst().served());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "EXTRA_ANSWER"})
  void get_hostileGatewayFirst_isCutAndTheNextOneServes(Fault fault) {
    try (HostileGateway hostile = new HostileGateway(memory, fault).dripEvery(50);
        HostileGateway honest = new HostileGateway(memory, Fault.NONE);
        GatewayBlockSource source = source(SHORT, hostile.uri(), honest.uri())) {
      Block got = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> source.get(block.cid()));
      assertArrayEquals(block.bytes(), got.bytes());
      GatewayHealth bad = source.health().getFirst();
      assertEquals(0, bad.served());
      assertEquals(1, bad.faults() + bad.absent());
      assertEquals(fault == Fault.ABSENT, bad.isGood(now));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "EXTRA_ANSWER"})
  void get_onlyHostileGateway_saysWhatItDidInOneLine(Fault fault) {
    try (HostileGateway hostile = new HostileGateway(memory, fault).dripEvery(50);
        GatewayBlockSource source = source(SHORT, hostile.uri())) {
      BlockUnavailableException e = assertThrows(
          BlockUnavailableException.class,
          () -> assertTimeoutPreemptively(Duration.ofSeconds(20), () -> source.get(block.cid())));
      assertEquals(1, e.attempts().size());
      String line = e.attempts().getFirst();
      assertTrue(
          line.startsWith(hostile.uri() + ": ") && line.lines().count() == 1 && line.length() < 200,
          line);
      assertTrue(line.contains(expected(fault)), line);
    }
  }

  private static String expected(Fault fault) {
    return switch (fault) {
      case NONE, EXTRA_ANSWER -> throw new IllegalArgumentException();
      case FLIPPED_BYTE, OTHER_BLOCK, EMPTY, SHORT_CONTENT_LENGTH -> "hash mismatch";
      case CUT, CUT_CHUNK -> "broke off";
      case NEVER_ENDS, NEVER_ENDS_CHUNKED, OVERSIZE, OVERSIZE_CHUNKED, HUGE_CONTENT_LENGTH ->
        "more than 1048576 bytes";
      case DRIPPED_BODY, DRIPPED_CHUNK_SIZE, LONG_CONTENT_LENGTH -> "too slow";
      case NEGATIVE_CONTENT_LENGTH -> "malformed content-length";
      case TWO_FRAMINGS -> "framed its answer in two ways";
      case REDIRECT_LOOP -> "redirected more than 2 times";
      case REDIRECT_AWAY -> "which is another host";
      case GZIP_BOMB -> "content-encoding \"gzip\"";
      case GARBAGE -> "Invalid status line";
      case ENDLESS_HEADERS -> "Header size too big";
      case ENDLESS_INTERIM -> "Too many interim responses";
      case HANGS_UP -> "without an answer";
      case SILENT, DRIPPED_HEADERS -> "no answer in time";
      case ABSENT -> "does not have it (404)";
      case SERVER_ERROR -> "answered 500";
    };
  }

  @Test
  void get_oneByteASecond_isCutWithTheDefaultLimits() {
    try (HostileGateway slow = new HostileGateway(memory, Fault.DRIPPED_BODY);
        GatewayBlockSource source = source(GatewayLimits.DEFAULT, slow.uri())) {
      BlockUnavailableException e = assertThrows(
          BlockUnavailableException.class,
          () -> assertTimeoutPreemptively(Duration.ofSeconds(25), () -> source.get(block.cid())));
      assertTrue(e.attempts().getFirst().contains("too slow"), e.getMessage());
    }
  }

  @Test
  void get_answerNobodyAskedFor_doesNotAnswerTheNextGet() {
    Block other = add(700);
    try (HostileGateway smuggler = new HostileGateway(memory, Fault.EXTRA_ANSWER);
        GatewayBlockSource source = source(SHORT, smuggler.uri())) {
      assertArrayEquals(block.bytes(), source.get(block.cid()).bytes());
      assertArrayEquals(other.bytes(), source.get(other.cid()).bytes());
      assertEquals(0, source.health().getFirst().faults());
    }
  }

  @Test
  void get_restingGateway_isAskedLastAndAgainAfterItsRest() {
    try (HostileGateway flaky = new HostileGateway(memory, Fault.SERVER_ERROR);
        HostileGateway honest = new HostileGateway(memory, Fault.NONE);
        GatewayBlockSource source = source(SHORT, flaky.uri(), honest.uri())) {
      source.get(block.cid());
      flaky.misbehave(Fault.NONE);
      source.get(block.cid());
      assertEquals(1, flaky.requests());
      honest.misbehave(Fault.SERVER_ERROR);
      source.get(block.cid());
      assertEquals(2, flaky.requests(), "a resting gateway is still the last resort");
      assertTrue(source.health().getFirst().isGood(now));
    }
  }

  @Test
  void health_faultsInRow_restLongerButNeverForEver() {
    try (HostileGateway bad = new HostileGateway(memory, Fault.SERVER_ERROR);
        GatewayBlockSource source = source(SHORT, bad.uri())) {
      Instant earlier = now;
      for (int i = 0; i < 20; i++) {
        assertThrows(BlockUnavailableException.class, () -> source.get(block.cid()));
        Instant until = source.health().getFirst().restingUntil().orElseThrow();
        assertFalse(until.isBefore(earlier));
        assertTrue(until.isBefore(now.plus(Duration.ofMinutes(5))));
        earlier = until;
      }
      now = earlier.plusSeconds(1);
      assertTrue(source.health().getFirst().isGood(now));
    }
  }

  @Test
  void get_gatewayHungUpBetweenTwoGets_isRetriedOnANewConnection() {
    HostileGateway first = new HostileGateway(memory, Fault.NONE);
    try (first;
        GatewayBlockSource source = source(SHORT, first.uri())) {
      source.get(block.cid());
      first.hangUpIdle();
      assertArrayEquals(block.bytes(), source.get(block.cid()).bytes());
      assertEquals(0, source.health().getFirst().faults());
    }
  }

  @Test
  void get_nobodyListens_namesEveryGateway() throws Exception {
    ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    free.close();
    URI gone = URI.create("http://127.0.0.1:" + free.getLocalPort());
    try (GatewayBlockSource source =
        source(SHORT, gone, URI.create("http://no-such-host.invalid"))) {
      BlockUnavailableException e =
          assertThrows(BlockUnavailableException.class, () -> source.get(block.cid()));
      assertEquals(
          List.of(
              gone + ": connection refused", "http://no-such-host.invalid: host name not found"),
          e.attempts());
    }
  }

  @Test
  void construct_noGateway_isADiagnostic() {
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> new GatewayBlockSource(List.of()));
    assertEquals("DV402", e.diagnostics().getFirst().code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ftp://x",
        "http:///x",
        "http://u:p@x",
        "http://x?y",
        "http://x/ipfs/",
        "http://x:99999",
        "x y"
      })
  void parse_notAGateway_isADiagnostic(String text) {
    DiagnosticException e = assertThrows(DiagnosticException.class, () -> GatewayUrl.parse(text));
    assertEquals("DV403", e.diagnostics().getFirst().code());
  }

  @Test
  void parse_goodAddresses_loseTheirLastSlash() {
    assertEquals(URI.create("https://g.example/a"), GatewayUrl.parse("https://g.example/a/"));
    assertEquals(URI.create("http://[::1]:8080"), GatewayUrl.parse("http://[::1]:8080"));
  }
}
