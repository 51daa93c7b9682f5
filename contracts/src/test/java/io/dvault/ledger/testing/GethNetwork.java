package io.dvault.ledger.testing;

import io.dvault.testing.Peers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Real geth nodes with a Cancun genesis. This class plays the consensus side over the Engine API: whichever node has
 * transactions builds a block, and all take it; {@code safe} is one block behind, {@code finalized} two. Nodes may be
 * killed, or split off and followed later, which is a real reorg. Chain id 31337, anvil's keys are funded.
 */
public final class GethNetwork implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ZERO = "0x" + "0".repeat(64);
  private static final long LOOK_MILLIS = 40;
  private static final int BUILD_TRIES = 50;

  private final List<GethNode> nodes;
  private final Set<Integer> split = ConcurrentHashMap.newKeySet();
  private final List<JsonNode> payloadsOfSplit = new ArrayList<>();
  private final Thread consensus;
  private volatile boolean running = true;
  private volatile Throwable failure;

  private GethNetwork(List<GethNode> nodes) {
    this.nodes = nodes;
    this.consensus = Thread.ofPlatform().daemon().name("geth-consensus").start(this::runConsensus);
  }

  /** Needs {@code @Tag("peer:geth")}. Keeps everything in {@code folder}. */
  public static GethNetwork start(int count, Path folder) throws IOException {
    Path geth = Peers.path("geth");
    Path genesis = Files.writeString(folder.resolve("genesis.json"), genesis());
    Path secret = Files.writeString(folder.resolve("jwt.hex"), randomHash().substring(2));
    List<GethNode> nodes = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        nodes.add(GethNode.start(geth, folder.resolve("node" + i), genesis, secret));
      }
      for (GethNode node : nodes) {
        node.awaitReady();
      }
    } catch (RuntimeException | IOException e) {
      nodes.forEach(GethNode::close);
      throw e;
    }
    return new GethNetwork(nodes);
  }

  private static String genesis() {
    ObjectNode genesis = JSON.createObjectNode();
    ObjectNode config = genesis.putObject("config").put("chainId", 31337);
    for (String fork : List.of(
        "homestead",
        "eip150",
        "eip155",
        "eip158",
        "byzantium",
        "constantinople",
        "petersburg",
        "istanbul",
        "berlin",
        "london")) {
      config.put(fork + "Block", 0);
    }
    config.put("terminalTotalDifficulty", 0).put("shanghaiTime", 0).put("cancunTime", 0);
    config
        .putObject("blobSchedule")
        .putObject("cancun")
        .put("target", 3)
        .put("max", 6)
        .put("baseFeeUpdateFraction", 3338477);
    genesis
        .put("gasLimit", "0x1c9c380")
        .put("difficulty", "0x0")
        .put("baseFeePerGas", "0x3b9aca00");
    ObjectNode alloc = genesis.putObject("alloc");
    for (String account : List.of(
        "f39fd6e51aad88f6f4ce6ab8827279cfffb92266",
        "70997970c51812dc3a010c7d01b50e0d17dc79c8",
        "3c44cdddb6a900fa2b585dd299e03d12fa4293bc")) {
      alloc.putObject(account).put("balance", "0x21e19e0c9bab2400000");
    }
    return genesis.toString();
  }

  public List<URI> rpc() {
    return nodes.stream().map(GethNode::rpc).toList();
  }

  /** Ends node {@code index} for good, as kill -9 does. */
  public void kill(int index) {
    nodes.get(index).close();
  }

  /** Node {@code index} no longer hears of the others' blocks, nor they of its own. One at a time. */
  public synchronized void splitOff(int index) {
    split.add(index);
    payloadsOfSplit.clear();
  }

  /** Makes {@code count} blocks on the node that was split off, from its own transactions or empty. */
  public synchronized void mineOnSplit(int index, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      JsonNode payload = nodes.get(index).build();
      nodes.get(index).follow(payload, ZERO, ZERO);
      payloadsOfSplit.add(payload);
    }
  }

  /** All nodes follow the chain of the one that was split off: a reorg for them. */
  public synchronized void followSplit(int index) throws IOException {
    for (JsonNode payload : payloadsOfSplit) {
      for (GethNode node : alive()) {
        node.follow(payload, ZERO, ZERO);
      }
    }
    split.remove(index);
  }

  private List<GethNode> alive() {
    return nodes.stream().filter(GethNode::isAlive).toList();
  }

  private List<GethNode> together() {
    return IntStream.range(0, nodes.size())
        .filter(i -> !split.contains(i))
        .mapToObj(nodes::get)
        .filter(GethNode::isAlive)
        .toList();
  }

  private void runConsensus() {
    while (running) {
      try {
        Thread.sleep(LOOK_MILLIS);
        buildWhereTransactionsWait();
      } catch (InterruptedException e) {
        return;
      } catch (IOException | RuntimeException e) {
        // A node that is killed in the middle of a call is part of the test; anything else shows as
        // no progress.
        failure = e;
      }
    }
  }

  private synchronized void buildWhereTransactionsWait() throws IOException {
    for (GethNode builder : together()) {
      if (builder.isAlive() && builder.hasTransactions()) {
        JsonNode payload = builder.build();
        for (int i = 0; i < BUILD_TRIES && payload.get("transactions").isEmpty(); i++) {
          payload = builder.build();
        }
        String safe = payload.get("parentHash").stringValue();
        String finalized = builder.parentOf(safe);
        for (GethNode node : together()) {
          node.follow(payload, safe, finalized);
        }
      }
    }
  }

  /** What went wrong last in the consensus thread, for messages of tests. */
  public String lastFailure() {
    return String.valueOf(failure);
  }

  @Override
  public void close() {
    running = false;
    consensus.interrupt();
    try {
      consensus.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    nodes.forEach(GethNode::close);
  }

  static String randomHash() {
    return "0x" + HexFormat.of().formatHex(VaultFixture.random32().toArray());
  }
}
