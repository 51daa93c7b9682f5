package io.dvault.gateway.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.dag.Block;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.dag.CarLimits;
import io.dvault.dag.CarReader;
import io.dvault.dag.CarSection;
import io.dvault.dag.MemoryBlockStore;
import io.dvault.gateway.GatewayBlockSource;
import io.dvault.model.DiagnosticException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustlessGatewayTest {
  private final MemoryBlockStore store = new MemoryBlockStore();
  private final Block leaf = raw("leaf");
  private final Block other = raw("other");
  private final Block middle = node(Map.of("leaf", CborValue.of(leaf.cid()), "n", CborValue.of(1)));
  private final Block root = node(Map.of(
      "a", CborValue.of(List.of(CborValue.of(middle.cid()), CborValue.of(other.cid()))),
      "b", CborValue.of(leaf.cid())));
  private final TrustlessGateway gateway = TrustlessGateway.start(store, 0);
  private final HttpClient client = HttpClient.newHttpClient();

  private Block raw(String text) {
    Block block = Block.of(Codec.RAW, text.getBytes(StandardCharsets.UTF_8));
    store.add(block);
    return block;
  }

  private Block node(Map<String, CborValue> entries) {
    Block block = Block.of(Codec.DAG_CBOR, DagCbor.encode(CborValue.of(entries)));
    store.add(block);
    return block;
  }

  @AfterEach
  void close() {
    gateway.close();
    client.close();
  }

  private HttpResponse<byte[]> send(String method, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.uri() + path))
        .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static List<Cid> read(byte[] car) throws Exception {
    CarReader reader = new CarReader(new ByteArrayInputStream(car), CarLimits.NONE);
    List<Cid> cids = new ArrayList<>();
    for (Optional<CarSection> next = reader.next(); next.isPresent(); next = reader.next()) {
      cids.add(next.get().block().cid());
    }
    return cids;
  }

  @Test
  void raw_blockHere_isServedWithTheHeadersOfTheSpecification() throws Exception {
    HttpResponse<byte[]> response = send("GET", "/ipfs/" + root.cid() + "?format=raw");
    assertEquals(200, response.statusCode());
    assertArrayEquals(root.bytes(), response.body());
    assertEquals("application/vnd.ipld.raw", header(response, "Content-Type"));
    assertEquals("nosniff", header(response, "X-Content-Type-Options"));
    assertTrue(header(response, "Cache-Control").contains("immutable"));
    assertEquals('"' + root.cid().toString() + ".raw\"", header(response, "ETag"));
    assertEquals("/ipfs/" + root.cid(), header(response, "X-Ipfs-Path"));
  }

  @Test
  void raw_byAcceptHeader_isServed() throws Exception {
    HttpResponse<byte[]> response =
        send("GET", "/ipfs/" + leaf.cid(), "Accept", "text/html, application/vnd.ipld.raw;q=0.9");
    assertArrayEquals(leaf.bytes(), response.body());
  }

  @Test
  void raw_knownEtag_is304() throws Exception {
    HttpResponse<byte[]> response = send(
        "GET",
        "/ipfs/" + leaf.cid() + "?format=raw",
        "If-None-Match",
        "W/\"" + leaf.cid() + ".raw\", \"" + leaf.cid() + ".raw\"");
    assertEquals(304, response.statusCode());
    assertEquals(0, response.body().length);
  }

  @Test
  void raw_emptyBlock_isServed() throws Exception {
    Block empty = raw("");
    HttpResponse<byte[]> response = send("GET", "/ipfs/" + empty.cid() + "?format=raw");
    assertEquals(200, response.statusCode());
    assertEquals(0, response.body().length);
  }

  @Test
  void head_raw_tellsTheLengthOnly() throws Exception {
    HttpResponse<byte[]> response = send("HEAD", "/ipfs/" + root.cid() + "?format=raw");
    assertEquals(200, response.statusCode());
    assertEquals(Integer.toString(root.bytes().length), header(response, "Content-Length"));
    assertEquals(0, response.body().length);
  }

  @Test
  void car_root_holdsEverythingBelowDepthFirstOnce() throws Exception {
    HttpResponse<byte[]> response = send("GET", "/ipfs/" + root.cid() + "?format=car");
    assertEquals(
        "application/vnd.ipld.car; version=1; order=dfs; dups=n", header(response, "Content-Type"));
    assertEquals(List.of(root.cid(), middle.cid(), leaf.cid(), other.cid()), read(response.body()));
    assertEquals(Integer.toString(response.body().length), header(response, "Content-Length"));
  }

  /** Longer than a gateway holds back to tell its length. */
  private Block longRoot() {
    List<CborValue> links = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Block mebibyte = Block.of(Codec.RAW, new byte[Block.MAX_LENGTH - i]);
      store.add(mebibyte);
      links.add(CborValue.of(mebibyte.cid()));
    }
    links.add(CborValue.of(leaf.cid()));
    return node(Map.of("all", CborValue.of(links)));
  }

  @Test
  void car_ofManyMegabytes_comesWholeInChunks() throws Exception {
    Block longRoot = longRoot();
    HttpResponse<byte[]> response = send("GET", "/ipfs/" + longRoot.cid() + "?format=car");
    assertEquals("", header(response, "Content-Length"));
    List<Cid> cids = read(response.body());
    assertEquals(7, cids.size());
    assertEquals(longRoot.cid(), cids.getFirst());
    assertEquals(leaf.cid(), cids.getLast());
  }

  @Test
  void car_scopeOfBlock_holdsTheBlockOnly() throws Exception {
    HttpResponse<byte[]> response = send(
        "GET",
        "/ipfs/" + root.cid() + "?dag-scope=block",
        "Accept",
        "application/vnd.ipld.car; version=1");
    assertEquals(List.of(root.cid()), read(response.body()));
  }

  @Test
  void car_blockMissingBelow_isCutAndNeverLooksWhole() {
    Block longRoot = longRoot();
    store.forget(leaf.cid());
    assertThrows(IOException.class, () -> send("GET", "/ipfs/" + root.cid() + "?format=car"));
    assertThrows(IOException.class, () -> send("GET", "/ipfs/" + longRoot.cid() + "?format=car"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku?format=raw, 404",
    "GET, /ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku?format=car, 404",
    "GET, /ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG?format=raw, 400",
    "GET, /ipfs/bafkqaaa?format=raw, 400",
    "GET, /ipfs/../etc/passwd?format=raw, 400",
    "GET, /ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku/x?format=raw, 400",
    "GET, /, 404",
    "GET, /api/v0/id, 404",
    "GET, /ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku, 406",
    "GET, /ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku?format=tar, 406",
    "GET, /ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku?format=car&car-version=2, 406",
    "GET, /ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku?format=car&dag-scope=x, 400",
    "POST, /ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku?format=raw, 405",
    "HEAD, /ipfs/bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku?format=raw, 404",
  })
  void odd_request_isRefusedWithItsStatus(String method, String path, int status) throws Exception {
    assertEquals(status, send(method, path).statusCode());
  }

  @Test
  @Tag("T14")
  void transform_flipsAByteOfOneBlock_readerRefusesItAndTakesTheNextGateway() {
    try (TrustlessGateway bad = TrustlessGateway.start(
            store, new InetSocketAddress("127.0.0.1", 0), BlockTransform.flipByteOf(leaf.cid()));
        GatewayBlockSource onlyBad = new GatewayBlockSource(List.of(bad.uri()));
        GatewayBlockSource both = new GatewayBlockSource(List.of(bad.uri(), gateway.uri()))) {
      assertArrayEquals(root.bytes(), onlyBad.get(root.cid()).bytes());
      BlockUnavailableException e =
          assertThrows(BlockUnavailableException.class, () -> onlyBad.get(leaf.cid()));
      assertTrue(e.getMessage().contains("hash mismatch"), e.getMessage());
      assertArrayEquals(leaf.bytes(), both.get(leaf.cid()).bytes());
    }
  }

  @Test
  void start_portTaken_isADiagnostic() {
    int port = gateway.uri().getPort();
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> TrustlessGateway.start(store, port));
    assertEquals("DV430", e.diagnostics().getFirst().code());
  }
}
