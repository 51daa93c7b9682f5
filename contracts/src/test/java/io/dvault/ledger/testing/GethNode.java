package io.dvault.ledger.testing;

import io.dvault.testing.Peers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One geth process, its public RPC and its Engine API. Ports are chosen by geth. */
final class GethNode implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ZERO = "0x" + "0".repeat(64);
  private static final Pattern STARTED = Pattern.compile(
      "HTTP server started\\s+endpoint=127\\.0\\.0\\.1:(\\d+)\\s+auth=(true|false)");
  private static final long START_SECONDS = 30;
  private static final long BUILD_MILLIS = 20;

  private final Process process;
  private final byte[] secret;
  private final CompletableFuture<URI> rpc = new CompletableFuture<>();
  private final CompletableFuture<URI> engine = new CompletableFuture<>();
  private final StringBuffer log = new StringBuffer();

  private GethNode(Process process, byte[] secret) {
    this.process = process;
    this.secret = secret;
    Thread.ofPlatform().daemon().name("geth-log").start(this::readLog);
  }

  static GethNode start(Path geth, Path data, Path genesis, Path secret) throws IOException {
    Peers.run(List.of(geth.toString(), "init", "--datadir", data.toString(), genesis.toString()))
        .requireSuccess();
    Process process = new ProcessBuilder(
            geth.toString(),
            "--datadir",
            data.toString(),
            "--networkid",
            "31337",
            "--http",
            "--http.addr",
            "127.0.0.1",
            "--http.port",
            "0",
            "--http.api",
            "eth,net,web3,txpool",
            "--authrpc.addr",
            "127.0.0.1",
            "--authrpc.port",
            "0",
            "--authrpc.jwtsecret",
            secret.toString(),
            "--port",
            "0",
            "--nodiscover",
            "--maxpeers",
            "0",
            "--nat",
            "none",
            "--ipcdisable",
            "--syncmode",
            "full",
            "--cache",
            "64",
            "--verbosity",
            "3")
        .redirectErrorStream(true)
        .start();
    process.getOutputStream().close();
    return new GethNode(
        process, HexFormat.of().parseHex(Files.readString(secret).strip()));
  }

  private void readLog() {
    try (BufferedReader lines = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher started = STARTED.matcher(line);
        if (started.find()) {
          URI url = URI.create("http://127.0.0.1:" + started.group(1));
          (started.group(2).equals("true") ? engine : rpc).complete(url);
        }
        log.append(line).append('\n');
      }
      rpc.completeExceptionally(new IOException("geth ended: " + log));
      engine.completeExceptionally(new IOException("geth ended: " + log));
    } catch (IOException e) {
      rpc.completeExceptionally(e);
      engine.completeExceptionally(e);
    }
  }

  void awaitReady() {
    started(rpc);
    started(engine);
  }

  private URI started(CompletableFuture<URI> url) {
    try {
      return url.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while geth started", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("geth did not start: " + log, e);
    }
  }

  URI rpc() {
    return started(rpc);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  boolean hasTransactions() throws IOException {
    return !call(rpc(), "txpool_status", "[]").get("pending").stringValue().equals("0x0");
  }

  String parentOf(String hash) throws IOException {
    return call(rpc(), "eth_getBlockByHash", "[\"" + hash + "\",false]")
        .get("parentHash")
        .stringValue();
  }

  /** A block on top of the node's head, from the transactions in its pool; not yet part of its chain. */
  JsonNode build() throws IOException {
    JsonNode head = call(rpc(), "eth_getBlockByNumber", "[\"latest\",false]");
    String hash = head.get("hash").stringValue();
    long parentTime = Long.parseLong(head.get("timestamp").stringValue().substring(2), 16);
    ObjectNode attributes = JSON.createObjectNode()
        .put(
            "timestamp",
            "0x" + Long.toHexString(Math.max(parentTime + 1, Instant.now().getEpochSecond())))
        .put("prevRandao", GethNetwork.randomHash())
        .put("suggestedFeeRecipient", "0x" + "0".repeat(40))
        .put("parentBeaconBlockRoot", ZERO);
    attributes.putArray("withdrawals");
    JsonNode id = forkchoice(hash, ZERO, ZERO, attributes.toString()).get("payloadId");
    pause();
    return call(engine(), "engine_getPayloadV3", "[" + id + "]").get("executionPayload");
  }

  /** Takes {@code payload} into the chain and makes it the head. */
  void follow(JsonNode payload, String safe, String finalized) throws IOException {
    JsonNode verdict =
        call(engine(), "engine_newPayloadV3", "[" + payload + ",[],\"" + ZERO + "\"]");
    if (!verdict.get("status").stringValue().equals("VALID")) {
      throw new IOException("geth does not take the block: " + verdict);
    }
    forkchoice(payload.get("blockHash").stringValue(), safe, finalized, "null");
  }

  private JsonNode forkchoice(String head, String safe, String finalized, String attributes)
      throws IOException {
    JsonNode answer = call(
        engine(),
        "engine_forkchoiceUpdatedV3",
        "[{\"headBlockHash\":\"" + head + "\",\"safeBlockHash\":\"" + safe
            + "\",\"finalizedBlockHash\":\"" + finalized + "\"}," + attributes + "]");
    if (!answer.get("payloadStatus").get("status").stringValue().equals("VALID")) {
      throw new IOException("geth does not follow the head: " + answer);
    }
    return answer;
  }

  private URI engine() {
    return started(engine);
  }

  private JsonNode call(URI url, String method, String params) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
    connection.setConnectTimeout(5_000);
    connection.setReadTimeout(10_000);
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("Authorization", "Bearer " + token());
    try (OutputStream out = connection.getOutputStream()) {
      out.write(
          ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}")
              .getBytes(StandardCharsets.UTF_8));
    }
    JsonNode answer = JSON.readTree(connection.getInputStream().readAllBytes());
    if (answer.has("error")) {
      throw new IOException(method + ": " + answer.get("error"));
    }
    return answer.get("result");
  }

  // Engine API, authentication: a JWT of HS256 with a fresh issued-at.
  private String token() {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String claims = base64.encodeToString(
            "{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
        + "."
        + base64.encodeToString(
            ("{\"iat\":" + Instant.now().getEpochSecond() + "}").getBytes(StandardCharsets.UTF_8));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return claims + "."
          + base64.encodeToString(mac.doFinal(claims.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(BUILD_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
