package io.dvault.ledger.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dvault.ledger.evm.EndpointSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A JSON-RPC endpoint before a real one that tells what it was told to tell. Lies may be added at any time and hold
 * until {@link #beHonest}. docs/threat-model.md T1, T2, T3, T7.
 */
public final class LyingRpcProxy implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String HEAD_SELECTOR = "0xf339e3b2";
  private static final Duration TRICKLE = Duration.ofMillis(50);

  /** How requests and answers are changed on their way; both get the request object. */
  private interface Lie {
    default ObjectNode ask(ObjectNode request) {
      return request;
    }

    default void answer(ObjectNode request, ObjectNode answer) {}
  }

  private enum Manner {
    PLAIN,
    PAGE,
    TRICKLING,
    TRUNCATED,
    HUGE,
    REFUSING_BATCHES
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final URI target;
  private final List<Lie> lies = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Manner manner = Manner.PLAIN;
  private volatile int status = 200;
  private volatile Duration delay = Duration.ZERO;

  public LyingRpcProxy(URI target) throws IOException {
    this.target = target;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public URI rpc() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public EndpointSettings endpoint() {
    return EndpointSettings.of(rpc());
  }

  /** Methods asked so far, in order. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  public void beHonest() {
    lies.clear();
    manner = Manner.PLAIN;
    status = 200;
    delay = Duration.ZERO;
  }

  /** T2: no log ever, neither from filters nor in receipts. */
  public void dropLogs() {
    lies.add(new Lie() {
      @Override
      public void answer(ObjectNode request, ObjectNode answer) {
        if (method(request).equals("eth_getLogs") && answer.has("result")) {
          answer.putArray("result");
        } else if (answer.get("result") instanceof ObjectNode result && result.has("logs")) {
          result.putArray("logs");
        }
      }
    });
  }

  /** T3: the chain ends at {@code block} for ever. */
  public void pinTo(long block) {
    String number = "0x" + Long.toHexString(block);
    lies.add(new Lie() {
      @Override
      public ObjectNode ask(ObjectNode request) {
        ArrayNode params = (ArrayNode) request.get("params");
        for (int i = 0; i < params.size(); i++) {
          if (params.get(i).isString()
              && params.get(i).stringValue().matches("latest|pending|safe|finalized")) {
            params.set(i, StringNode.valueOf(number));
          }
        }
        if (method(request).equals("eth_getLogs")) {
          ((ObjectNode) params.get(0)).put("toBlock", number);
        }
        return request;
      }

      @Override
      public void answer(ObjectNode request, ObjectNode answer) {
        if (method(request).equals("eth_blockNumber")) {
          answer.put("result", number);
        }
      }
    });
  }

  /** T1: changes the words that the contract's {@code head} returned; nine words of 32 bytes, see IDVault.sol. */
  public void alterHead(UnaryOperator<byte[]> change) {
    alterCall(HEAD_SELECTOR, change);
  }

  /** Changes what a call of the contract's function with this selector (0x and 8 digits) returns. */
  public void alterCall(String selector, UnaryOperator<byte[]> change) {
    lies.add(new Lie() {
      @Override
      public void answer(ObjectNode request, ObjectNode answer) {
        boolean call = method(request).equals("eth_call")
            && answer.path("result").isString()
            && request.path("params").path(0).path("data").asString("").startsWith(selector);
        if (call) {
          byte[] honest =
              HexFormat.of().parseHex(answer.get("result").stringValue().substring(2));
          answer.put("result", "0x" + HexFormat.of().formatHex(change.apply(honest)));
        }
      }
    });
  }

  /** Changes the text of every answer to {@code method}: for logs and blocks. */
  public void alterText(String method, UnaryOperator<String> change) {
    lies.add(new Lie() {
      @Override
      public void answer(ObjectNode request, ObjectNode answer) {
        if (method(request).equals(method) && answer.has("result")) {
          answer.set("result", JSON.readTree(change.apply(answer.get("result").toString())));
        }
      }
    });
  }

  /** T7: claims to be another chain. */
  public void claimChain(long chainId) {
    lies.add(new Lie() {
      @Override
      public void answer(ObjectNode request, ObjectNode answer) {
        if (method(request).equals("eth_chainId")) {
          answer.put("result", "0x" + Long.toHexString(chainId));
        }
      }
    });
  }

  /** Refuses one method with an error object, as providers do with what they do not offer. */
  public void refuse(String method, int code, String message) {
    lies.add(new Lie() {
      @Override
      public void answer(ObjectNode request, ObjectNode answer) {
        if (method(request).equals(method)) {
          answer.remove("result");
          answer.putObject("error").put("code", code).put("message", message);
        }
      }
    });
  }

  /** Refuses logs of more than {@code blocks} blocks at once, as providers do. */
  public void limitLogRange(long blocks) {
    lies.add(new Lie() {
      @Override
      public void answer(ObjectNode request, ObjectNode answer) {
        if (method(request).equals("eth_getLogs")) {
          JsonNode filter = request.get("params").get(0);
          if (number(filter.get("toBlock")) - number(filter.get("fromBlock")) >= blocks) {
            answer.remove("result");
            answer
                .putObject("error")
                .put("code", -32005)
                .put("message", "query exceeds max block range");
          }
        }
      }
    });
  }

  private static long number(JsonNode quantity) {
    return Long.parseLong(quantity.stringValue().substring(2), 16);
  }

  public void waitBeforeAnswers(Duration time) {
    delay = time;
  }

  public void answerWithStatus(int code) {
    status = code;
  }

  /** A web page, as a captive portal or a wrong path gives. */
  public void answerWithPage() {
    manner = Manner.PAGE;
  }

  /** One byte every 50 ms, without end. */
  public void trickle() {
    manner = Manner.TRICKLING;
  }

  /** Half of the answer. */
  public void truncate() {
    manner = Manner.TRUNCATED;
  }

  /** An answer without end, as fast as it goes. */
  public void flood() {
    manner = Manner.HUGE;
  }

  /** One error object for a batch, as servers without batches give. */
  public void refuseBatches() {
    manner = Manner.REFUSING_BATCHES;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
      pause(delay);
      switch (manner) {
        case PAGE ->
          send(
              exchange,
              "text/html",
              "<!DOCTYPE html><p>Please log in</p>".getBytes(StandardCharsets.UTF_8));
        case TRICKLING ->
          pour(exchange, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x", 1, TRICKLE);
        case HUGE ->
          pour(exchange, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x", 1 << 16, Duration.ZERO);
        case TRUNCATED -> {
          byte[] whole = JSON.writeValueAsBytes(answers(request));
          send(exchange, "application/json", java.util.Arrays.copyOf(whole, whole.length / 2));
        }
        case REFUSING_BATCHES ->
          send(
              exchange,
              "application/json",
              request.isArray()
                  ? "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"no batches\"}}"
                      .getBytes(StandardCharsets.UTF_8)
                  : JSON.writeValueAsBytes(answers(request)));
        case PLAIN -> send(exchange, "application/json", JSON.writeValueAsBytes(answers(request)));
      }
    }
  }

  private JsonNode answers(JsonNode request) throws IOException {
    List<ObjectNode> requests = new ArrayList<>();
    (request.isArray() ? request : JSON.createArrayNode().add(request)).forEach(item -> {
      ObjectNode next = (ObjectNode) item;
      asked.add(method(next));
      for (Lie lie : lies) {
        next = lie.ask(next);
      }
      requests.add(next);
    });
    JsonNode honest =
        forward(request.isArray() ? JSON.createArrayNode().addAll(requests) : requests.getFirst());
    for (JsonNode answer : honest.isArray() ? honest : JSON.createArrayNode().add(honest)) {
      ObjectNode asked = requests.stream()
          .filter(item -> item.get("id").equals(answer.get("id")))
          .findFirst()
          .orElseThrow();
      lies.forEach(lie -> lie.answer(asked, (ObjectNode) answer));
    }
    return honest;
  }

  private JsonNode forward(JsonNode request) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) target.toURL().openConnection();
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    try (OutputStream out = connection.getOutputStream()) {
      out.write(JSON.writeValueAsBytes(request));
    }
    return JSON.readTree(connection.getInputStream().readAllBytes());
  }

  private void send(HttpExchange exchange, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static void pour(HttpExchange exchange, String start, int chunk, Duration pause)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    out.write(start.getBytes(StandardCharsets.UTF_8));
    byte[] zeros = "0".repeat(chunk).getBytes(StandardCharsets.UTF_8);
    // Ends when the client hangs up; the bound is for a client that never does.
    for (int i = 0; i < 100_000; i++) {
      out.write(zeros);
      out.flush();
      pause(pause);
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String method(ObjectNode request) {
    return request.get("method").stringValue();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
