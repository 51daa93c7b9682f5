package io.dvault.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.dvault.cbor.Codec;
import io.dvault.dag.Block;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.http.BoundedHttpClient;
import io.dvault.http.HttpFailure;
import io.dvault.http.HttpLimits;
import io.dvault.testing.Peers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsGatewayTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final GatewayLimits LIMITS = new GatewayLimits(
      Duration.ofSeconds(2),
      Duration.ofSeconds(2),
      Duration.ofSeconds(15),
      Duration.ofSeconds(1),
      512,
      Block.MAX_LENGTH,
      0);

  @TempDir
  private static Path temp;

  private final SSLContext systemDefault = defaultContext();
  private final Block block = Block.of(Codec.RAW, bytes());
  private final Set<Integer> clientPorts = ConcurrentHashMap.newKeySet();
  private HttpsServer server;

  private static byte[] bytes() {
    byte[] bytes = new byte[20_000];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static SSLContext defaultContext() {
    try {
      return SSLContext.getDefault();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.setHttpsConfigurator(new HttpsConfigurator(context(true)));
    server.createContext("/", exchange -> {
      clientPorts.add(exchange.getRemoteAddress().getPort());
      exchange.sendResponseHeaders(200, block.bytes().length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(block.bytes());
      }
    });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    SSLContext.setDefault(systemDefault);
  }

  private static SSLContext context(boolean trusting) throws Exception {
    Path file = temp.resolve("localhost.p12");
    if (!Files.exists(file)) {
      Peers.run(
              Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
              "-genkeypair",
              "-alias",
              "a",
              "-keyalg",
              "EC",
              "-dname",
              "CN=localhost",
              "-ext",
              "san=dns:localhost",
              "-keystore",
              file.toString(),
              "-storepass",
              new String(PASSWORD),
              "-storetype",
              "PKCS12")
          .requireSuccess();
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trusting ? trust.getTrustManagers() : null, null);
    return context;
  }

  private GatewayBlockSource source(String host, int port) {
    return new GatewayBlockSource(
        List.of(URI.create("https://" + host + ":" + port)), LIMITS, Clock.systemUTC());
  }

  private String fault(String host, int port) {
    try (GatewayBlockSource source = source(host, port)) {
      return assertThrows(
              BlockUnavailableException.class,
              () ->
                  assertTimeoutPreemptively(Duration.ofSeconds(20), () -> source.get(block.cid())))
          .attempts()
          .getFirst();
    }
  }

  @Test
  void get_trustedGateway_givesBlocksOverOneConnection() throws Exception {
    SSLContext.setDefault(context(true));
    try (GatewayBlockSource source = source("localhost", server.getAddress().getPort())) {
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(block.bytes(), source.get(block.cid()).bytes());
      }
      assertEquals(1, clientPorts.size());
    }
  }

  @Test
  void send_contextOfItsOwn_decidesWhomTheClientTrusts() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(
            URI.create("https://localhost:" + server.getAddress().getPort() + "/"))
        .build();
    HttpLimits limits = HttpLimits.within(Duration.ofSeconds(10), Block.MAX_LENGTH);
    try (BoundedHttpClient trusting = new BoundedHttpClient(Duration.ofSeconds(10), context(true));
        BoundedHttpClient other = new BoundedHttpClient(Duration.ofSeconds(10), context(false))) {
      assertArrayEquals(block.bytes(), trusting.send(request, limits).body());
      assertThrows(HttpFailure.Tls.class, () -> other.send(request, limits));
    }
  }

  @Test
  void get_certificateOfAnotherName_isRefused() throws Exception {
    SSLContext.setDefault(context(true));
    String line = fault("127.0.0.1", server.getAddress().getPort());
    assertTrue(line.contains(": TLS: "), line);
    assertEquals(Set.of(), clientPorts);
  }

  @Test
  void get_certificateOfNobodyWeTrust_isRefused() {
    String line = fault("localhost", server.getAddress().getPort());
    assertTrue(line.contains(": TLS: "), line);
    assertEquals(Set.of(), clientPorts);
  }

  @Test
  @Tag("T14")
  void get_dripInsideATlsRecord_isCut() throws Exception {
    SSLContext.setDefault(context(true));
    try (ServerSocket relay = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> relay(relay));
      String line = fault("localhost", relay.getLocalPort());
      assertTrue(line.contains("too slow"), line);
    }
  }

  @Test
  @Tag("T14")
  void get_silentInTheHandshake_isCut() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String line = fault("localhost", silent.getLocalPort());
      assertTrue(line.contains("no answer in time") || line.contains("took too long"), line);
    }
  }

  /** Forwards 5,000 bytes at once, which ends within the answer, and one every 20 ms from then on. */
  private void relay(ServerSocket relay) {
    try (Socket client = relay.accept();
        Socket target = new Socket("localhost", server.getAddress().getPort())) {
      Thread.ofVirtual().start(() -> {
        try {
          client.getInputStream().transferTo(target.getOutputStream());
        } catch (IOException e) {
          Thread.currentThread().interrupt(); // the other direction ended
        }
      });
      InputStream in = target.getInputStream();
      OutputStream out = client.getOutputStream();
      int sent = 0;
      for (int next = in.read(); next >= 0; next = in.read()) {
        out.write(next);
        if (++sent > 5_000) {
          Thread.sleep(20);
        }
      }
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt(); // the client hung up, as it should
    }
  }
}
