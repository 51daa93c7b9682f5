package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dvault.disk.Checkpoint;
import io.dvault.ledger.evm.AnvilProcess;
import io.dvault.receipt.SignedReceipt;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receipts to an HTTP collector and to a folder. Source: schemas/spec/receipt.md. */
@Tag("G8")
@Tag("S6")
class ReceiptSinkTest {
  private static AnvilProcess anvil;

  @TempDir
  Path folder;

  private final List<byte[]> posted = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile int answer = 204;
  private HttpServer collector;
  private TestVault vault;
  private TestDevice device;

  @BeforeAll
  static void startChain() {
    anvil = AnvilProcess.start(AnvilProcess.Options.defaults());
  }

  @AfterAll
  static void stopChain() {
    anvil.close();
  }

  @BeforeEach
  void start() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext("/", this::take);
    collector.start();
    vault = new TestVault(anvil);
    Files.createDirectories(folder.resolve("receipts"));
    device = new TestDevice(
        vault,
        folder.resolve("drone-7"),
        "drone-7",
        TestDevice.AGENT_YAML + "receipts:\n" + "  - {http: \"" + url() + "\"}\n  - {file: \""
            + folder.resolve("receipts") + "\"}\n");
    vault.put(device.recipient, TestEntry.named("good").file("/etc/app/good", "good"));
    vault.commit();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
    vault.close();
  }

  private String url() {
    return "http://127.0.0.1:" + collector.getAddress().getPort() + "/receipts";
  }

  private void take(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
        + exchange.getRequestHeaders().getFirst("Content-Type"));
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (answer == 302) {
      exchange.getResponseHeaders().add("Location", url() + "/elsewhere");
    } else if (answer == 204) {
      posted.add(body);
    }
    exchange.sendResponseHeaders(answer, -1);
    exchange.close();
  }

  private Path file() throws IOException {
    try (var files = Files.list(folder.resolve("receipts"))) {
      return files.findFirst().orElseThrow();
    }
  }

  private String log() {
    return device.log.toString(StandardCharsets.UTF_8);
  }

  @Test
  void publish_collectorTakesIt_getsTheSignedBytesThatTheFileHas() throws Exception {
    device.look();
    assertEquals(List.of("POST /receipts application/vnd.dvault.receipt"), requests);
    SignedReceipt receipt = SignedReceipt.decode(posted.getFirst());
    assertTrue(receipt.isBy(DeviceKeys.signer(device.layout).publicKey()));
    assertEquals(1, receipt.claim().epoch());
    assertEquals(1, receipt.claim().entries().size());
    assertEquals(-1, Files.mismatch(file(), device.layout.state().resolve("receipt")));
    assertEquals(
        receipt.claim(), SignedReceipt.decode(Files.readAllBytes(file())).claim());
    assertEquals(receipt.claim().device() + ".receipt", file().getFileName().toString());
  }

  @Test
  void publish_collectorFails_isToldAndSentAgainAtTheNextLookOfTheSameAgent() throws Exception {
    answer = 503;
    try (Agent agent = device.open(Checkpoint.NONE)) {
      agent.publisher().publish(agent.cycle().run(), Optional.empty());
      assertTrue(log().contains("level=alarm event=DV560"), log());
      assertTrue(log().contains("503"), log());
      assertTrue(Files.exists(file()), "the other sink has it");
      assertEquals("good", device.read("/etc/app/good"), "nothing else suffers");
      answer = 204;
      agent.publisher().publish(agent.cycle().run(), Optional.empty());
      assertEquals(1, SignedReceipt.decode(posted.getFirst()).claim().epoch());
      int sent = requests.size();
      agent.publisher().publish(agent.cycle().run(), Optional.empty());
      assertEquals(sent, requests.size(), "taken once is enough");
    }
  }

  @Test
  void publish_collectorRedirectsOrIsGone_goesNowhereElse() throws Exception {
    answer = 302;
    device.look();
    assertEquals(1, requests.size(), "a redirect is not followed: " + requests);
    assertTrue(log().contains("event=DV560"), log());
    collector.stop(0);
    assertFalse(device.look().held().isEmpty(), "a look goes on without the collector");
  }
}
