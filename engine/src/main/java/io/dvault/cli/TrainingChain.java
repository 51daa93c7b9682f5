package io.dvault.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An endpoint on loopback that knows one vault at epoch 0 and answers what a plan and an apply ask of it, until the apply
 * sends its transaction, which it does not take. For {@link Warmup}: the classes that ask a chain are then among those
 * that start-up has ready.
 */
final class TrainingChain implements AutoCloseable {
  static final long ID = 31337; // where the devnet's keys, which everybody knows, may sign
  private static final String GOVERNANCE_OF = "0x17788192"; // the contract's selector; whatever else is called is the head
  private static final Pattern REQUEST = Pattern.compile("\"id\":(\\d+),\"method\":\"(\\w+)\"");
  private static final String HASH = "0x" + "11".repeat(32);
  /** Epoch, root, not-after, governance version, frozen, blocks of commit and governance, unfreeze, freezes, revocation. */
  private static final String HEAD = word(0).repeat(3) + word(1) + word(0).repeat(2) + word(1) + word(0).repeat(3);
  /** One approver, who is the one guardian too: where the two lists are, threshold, longest freeze, the lists. */
  private static final String GOVERNANCE = word(0x20) + word(0x80) + word(1) + word(0xc0) + word(86_400)
      + (word(1) + "0".repeat(24) + TrainingVault.APPROVER).repeat(2);
  private static final Map<String, String> RESULTS = Map.of(
      "eth_chainId", "\"0x" + Long.toHexString(ID) + "\"",
      "eth_getProof", "{\"storageHash\":\"" + HASH + "\"}",
      "eth_getTransactionCount", "\"0x0\"",
      "eth_getBalance", "\"0xde0b6b3a7640000\"",
      "eth_estimateGas", "\"0xdf32\"",
      "eth_gasPrice", "\"0x3b9aca00\"",
      "eth_maxPriorityFeePerGas", "\"0x3b9aca00\"");

  private final HttpServer server;

  private TrainingChain(HttpServer server) {
    this.server = server;
  }

  static TrainingChain start() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", TrainingChain::answer);
    server.start();
    return new TrainingChain(server);
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static String word(long number) {
    return "%064x".formatted(number);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    List<String> answers = new ArrayList<>();
    Matcher request = REQUEST.matcher(body);
    while (request.find()) {
      String result = result(request.group(2), body.contains(GOVERNANCE_OF) ? GOVERNANCE : HEAD);
      answers.add("{\"jsonrpc\":\"2.0\",\"id\":" + request.group(1) + "," + result + "}");
    }
    byte[] all = ("[" + String.join(",", answers) + "]").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, all.length);
    exchange.getResponseBody().write(all);
    exchange.close();
  }

  private static String result(String method, String called) {
    String now = "0x" + Long.toHexString(System.currentTimeMillis() / 1000); // or the plan is refused for its clock
    return switch (method) {
      case "eth_call" -> "\"result\":\"0x" + called + '"';
      case "eth_getBlockByNumber" -> "\"result\":{\"number\":\"0x1\",\"hash\":\"" + HASH + "\",\"baseFeePerGas\":\"0x1\",\"timestamp\":\""
          + now + "\"}";
      case "eth_sendRawTransaction" -> "\"error\":{\"code\":-32000,\"message\":\"this chain takes no transactions\"}";
      default -> "\"result\":" + RESULTS.getOrDefault(method, "null");
    };
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
