package io.dvault.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What hostile gateways do is in HostileGateway of the spi module; here is what they leave out. */
class BoundedHttpClientTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final HttpLimits LIMITS =
      new HttpLimits(Duration.ofSeconds(10), Duration.ofSeconds(5), SECOND, 10, 100);

  /** Gets the request's lines and writes the answer to the n-th connection, which then ends. */
  private interface Script {
    void answer(int connection, OutputStream out) throws Exception;
  }

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final BoundedHttpClient client = new BoundedHttpClient(SECOND);
  private volatile Script script =
      (connection, out) -> text(out, "HTTP/1.1 204 No Content\r\n\r\n");
  private ServerSocket server;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> {
      while (!server.isClosed()) {
        try {
          Socket socket = server.accept();
          Thread.ofVirtual().start(() -> serve(socket));
        } catch (IOException closed) {
          return; // stop() ends accept() this way
        }
      }
    });
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in = new BufferedReader(
          new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        lines.add(line);
      }
      script.answer(connections.incrementAndGet(), socket.getOutputStream());
    } catch (Exception gone) {
      Thread.currentThread().interrupt(); // the client hung up: this thread ends
    }
  }

  private static void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private URI uri(String user) {
    return URI.create("http://" + user + "127.0.0.1:" + server.getLocalPort() + "/x?y=z");
  }

  private HttpRequest get() {
    return HttpRequest.newBuilder(uri("")).build();
  }

  private HttpRequest post() {
    return HttpRequest.newBuilder(uri("")).POST(BodyPublishers.ofString("body")).build();
  }

  private <T extends HttpFailure> T fails(Class<T> how, HttpRequest request, HttpLimits limits) {
    return assertThrows(how, () -> client.send(request, limits));
  }

  @Test
  void send_anyStatus_givesTheWholeAnswer() throws Exception {
    script = (connection, out) ->
        text(out, "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nbusy");
    HttpAnswer answer = client.send(get(), LIMITS);
    assertEquals(503, answer.status());
    assertEquals("7", answer.header("retry-after").orElseThrow());
    assertArrayEquals("busy".getBytes(StandardCharsets.US_ASCII), answer.body());
  }

  @Test
  void send_redirect_isNotFollowed() throws Exception {
    script = (connection, out) -> text(
        out, "HTTP/1.1 307 Elsewhere\r\nLocation: " + uri("") + "\r\nContent-Length: 0\r\n\r\n");
    assertEquals(307, client.send(post(), LIMITS).status());
    assertEquals(1, connections.get());
  }

  @Test
  void send_userInfo_becomesAuthorizationAndNothingElse() throws Exception {
    client.send(HttpRequest.newBuilder(uri("user:p%20w@")).build(), LIMITS);
    assertEquals("GET /x?y=z HTTP/1.1", lines.getFirst());
    assertTrue(lines.contains("Authorization: Basic dXNlcjpwIHc="), lines.toString());
    assertTrue(lines.contains("User-Agent: dvault"), lines.toString());
    assertTrue(lines.contains("Accept-Encoding: identity"), lines.toString());
    assertTrue(lines.contains("Host: 127.0.0.1:" + server.getLocalPort()), lines.toString());
  }

  @Test
  void send_postWithoutAnswer_isRepeatedOnce() throws Exception {
    script = (connection, out) -> {
      if (connection == 2) {
        text(out, "HTTP/1.1 204 No Content\r\n\r\n");
      }
    };
    assertEquals(204, client.send(post(), LIMITS).status());
    assertEquals(2, connections.get());
    script = (connection, out) -> {};
    fails(HttpFailure.NoAnswer.class, post(), LIMITS);
    assertEquals(4, connections.get());
  }

  @Test
  void send_bodyOverTheLimit_isTooLargeHoweverItIsFramed() {
    for (String framing :
        List.of("Content-Length: 101\r\n", "Transfer-Encoding: chunked\r\n", "")) {
      script = (connection, out) -> text(
          out,
          "HTTP/1.1 200 OK\r\n" + framing + "\r\n" + (framing.contains("chunked") ? "65\r\n" : "")
              + "x".repeat(101));
      HttpFailure failure = fails(HttpFailure.TooLarge.class, get(), LIMITS);
      assertEquals("sent more than 100 bytes", failure.getMessage());
    }
  }

  @Test
  void send_bodyOfTheLimit_isWhole() throws Exception {
    script = (connection, out) -> text(out, "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(100));
    assertEquals(100, client.send(get(), LIMITS).body().length);
  }

  @Test
  void send_twoFramingsOrLengths_isBroken() {
    for (String framing : List.of(
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 1\r\nContent-Length: 2\r\n",
        "Content-Length: +1\r\n")) {
      script = (connection, out) ->
          text(out, "HTTP/1.1 200 OK\r\n" + framing + "\r\n1\r\nx\r\n0\r\n\r\n");
      fails(HttpFailure.Broken.class, get(), LIMITS);
    }
  }

  @Test
  void send_belowThePace_isTooSlowAndAboveItIsNot() throws Exception {
    script = (connection, out) -> drip(out, 400);
    fails(HttpFailure.TooSlow.class, get(), LIMITS);
    script = (connection, out) -> drip(out, 50);
    assertEquals(40, client.send(get(), LIMITS).body().length);
  }

  @Test
  void send_noPaceAsked_waitsForTheDeadline() {
    script = (connection, out) -> drip(out, 400);
    HttpFailure failure =
        fails(HttpFailure.TimedOut.class, get(), HttpLimits.within(Duration.ofMillis(1500), 100));
    assertEquals("took too long", failure.getMessage());
  }

  private static void drip(OutputStream out, long millis) throws Exception {
    text(out, "HTTP/1.1 200 OK\r\n\r\n");
    for (int i = 0; i < 40; i++) {
      text(out, "x");
      Thread.sleep(millis);
    }
  }

  @Test
  void send_serversWords_arePrintableAndShort() {
    script = (connection, out) -> text(out, "\u001b[31m" + "x".repeat(5000) + "\r\n\r\n");
    String message = fails(HttpFailure.Broken.class, get(), LIMITS).getMessage();
    assertFalse(message.contains("\u001b"), message);
    assertTrue(message.length() < 130, message);
  }

  @Test
  void send_interrupted_keepsTheInterrupt() {
    Thread.currentThread().interrupt();
    fails(HttpFailure.Broken.class, get(), LIMITS);
    assertTrue(Thread.interrupted());
  }

  @Test
  void construct_impossibleLimits_areRefused() {
    assertThrows(IllegalArgumentException.class, () -> HttpLimits.within(Duration.ZERO, 1));
    assertThrows(IllegalArgumentException.class, () -> HttpLimits.within(SECOND, -1));
    assertThrows(IllegalArgumentException.class, () -> HttpLimits.within(Duration.ofDays(2), 1));
  }
}
