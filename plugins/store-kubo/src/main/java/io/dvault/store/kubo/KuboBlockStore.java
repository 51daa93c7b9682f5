package io.dvault.store.kubo;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockBatch;
import io.dvault.dag.BlockStore;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.dag.DagWalk;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import io.dvault.spi.SpooledBatch;
import io.dvault.store.kubo.KuboRpc.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A Kubo node. {@link #put} imports one CAR and pins its roots with everything below them; {@link #get} reads what this
 * node holds itself and never asks the network. What no root leads to is not pinned: give the roots. Safe for many
 * threads. Source: Kubo RPC API v0.
 */
public final class KuboBlockStore implements BlockStore {
  private static final Duration SHORT = Duration.ofSeconds(30);
  private static final Duration PIN = Duration.ofMinutes(10);
  private static final long LEAST_BYTES_A_SECOND = 256 * 1024;
  private static final int MAX_JSON = 1 << 20;
  private final KuboRpc rpc;

  private KuboBlockStore(KuboRpc rpc) {
    this.rpc = rpc;
  }

  /**
   * Asks the node who it is; throws a DiagnosticException (DV420, DV421, DV423) when it is not there for us.
   *
   * @param api the base, {@code http://127.0.0.1:5001}
   * @param authorization the value of the Authorization header; belongs to the store from then on
   */
  public static KuboBlockStore open(URI api, Optional<SecretBytes> authorization) {
    KuboRpc rpc = new KuboRpc(api, authorization);
    try {
      if (rpc.call("id", Map.of(), MAX_JSON, SHORT) instanceof Answer.Failed failed) {
        throw failure(
            "DV423",
            "Kubo does not identify itself",
            api + ": " + failed.message() + ".",
            "Look at Kubo's own log.");
      }
      return new KuboBlockStore(rpc);
    } catch (DiagnosticException e) {
      rpc.close();
      throw e;
    }
  }

  @Override
  public Block get(Cid cid) {
    Map<String, String> query = Map.of("arg", cid.toString(), "offline", "true");
    return switch (rpc.call("block/get", query, Block.MAX_LENGTH, SHORT)) {
      case Answer.Done done -> verified(cid, done.body());
      case Answer.Failed failed ->
        throw new BlockUnavailableException(cid, List.of(describe() + ": " + failed.message()));
    };
  }

  private Block verified(Cid cid, byte[] bytes) {
    Block block = Block.of(cid.codec(), bytes);
    if (!block.cid().equals(cid)) {
      throw new BlockUnavailableException(cid, List.of(describe() + ": hash mismatch"));
    }
    return block;
  }

  @Override
  public void put(List<Cid> roots, Collection<Block> blocks) {
    long bytes = blocks.stream().mapToLong(block -> block.bytes().length).sum();
    Duration limit = PIN.plusSeconds(bytes / LEAST_BYTES_A_SECOND);
    requireWhatRootsLinkTo(roots, blocks);
    Map<String, String> query = Map.of("pin-roots", "true", "stats", "true", "offline", "true");
    switch (rpc.upload("dag/import", query, () -> new CarStream(roots, blocks), MAX_JSON, limit)) {
      case Answer.Done done -> confirm(roots, blocks, done.body());
      case Answer.Failed failed ->
        throw failure(
            "DV424",
            "Kubo did not take the blocks",
            rpc.api() + ": " + failed.message() + ".",
            "Nothing was committed. Fix this and run it again.");
    }
  }

  /** On this machine's disk until the root is known: a pin needs the root, and an import begins with it. */
  @Override
  public BlockBatch begin() {
    return new SpooledBatch(this);
  }

  /** Kubo would look for a missing earlier root in the network, and not answer before our time is up. */
  private void requireWhatRootsLinkTo(List<Cid> roots, Collection<Block> blocks) {
    Set<Cid> here = new HashSet<>();
    Set<Cid> linked = new LinkedHashSet<>();
    Set<Cid> wanted = Set.copyOf(roots);
    for (Block block : blocks) {
      here.add(block.cid());
      if (wanted.contains(block.cid())) {
        linked.addAll(DagWalk.links(block));
      }
    }
    linked.removeAll(here);
    for (Cid link : linked) {
      if (!holds(link)) {
        confirmPin(roots.getFirst(), Optional.of(link + ", which it links to, is not there"));
      }
    }
  }

  private boolean holds(Cid cid) {
    Map<String, String> query = Map.of("arg", cid.toString(), "offline", "true");
    return rpc.call("block/stat", query, MAX_JSON, SHORT) instanceof Answer.Done;
  }

  /** Kubo answers 200 before it is done: only a line for each root without a fault, and the right count, is success. */
  private void confirm(List<Cid> roots, Collection<Block> blocks, byte[] body) {
    Map<String, String> pins = new HashMap<>();
    long count = -1;
    for (JsonNode line : KuboRpc.lines(body)) {
      if (line.has("Root")) {
        JsonNode root = line.path("Root");
        pins.put(
            root.path("Cid").path("/").asString(""), root.path("PinErrorMsg").asString(""));
      }
      count = line.path("Stats").path("BlockCount").asLong(count);
    }
    Set<Cid> distinct = new HashSet<>();
    blocks.forEach(block -> distinct.add(block.cid()));
    if (count != distinct.size()) {
      throw failure(
          "DV424",
          "Kubo did not take the blocks",
          rpc.api() + " took " + Math.max(count, 0) + " of " + distinct.size() + " blocks.",
          "Nothing was committed. Run this again.");
    }
    roots.forEach(root -> confirmPin(root, Optional.ofNullable(pins.get(root.toString()))));
  }

  private void confirmPin(Cid root, Optional<String> fault) {
    if (fault.isPresent() && fault.get().isEmpty()) {
      return;
    }
    throw failure(
        "DV422",
        "Kubo did not pin the blocks",
        rpc.api() + " cannot pin " + root + ": " + fault.orElse("it said nothing about it") + ".",
        "A root is pinned together with all earlier ones. Give this Kubo what came before, oldest first, then run "
            + "this again; out of a folder store: ipfs dag import .dvault/blocks/*.car");
  }

  /** Whether {@code root} is pinned with all that lies below it. */
  public boolean isPinned(Cid root) {
    Map<String, String> query = Map.of("arg", root.toString(), "type", "recursive");
    return switch (rpc.call("pin/ls", query, MAX_JSON, SHORT)) {
      case Answer.Done done -> true;
      case Answer.Failed failed -> {
        if (failed.message().contains("is not pinned")) {
          yield false;
        }
        throw failure(
            "DV424",
            "Kubo does not list its pins",
            rpc.api() + ": " + failed.message() + ".",
            "Look at Kubo's own log.");
      }
    };
  }

  /** Pins {@code root} and all below it; throws a DiagnosticException (DV422) when this node lacks a part of it. */
  public void pin(Cid root) {
    Map<String, String> query =
        Map.of("arg", root.toString(), "recursive", "true", "offline", "true");
    if (rpc.call("pin/add", query, MAX_JSON, PIN) instanceof Answer.Failed failed) {
      confirmPin(root, Optional.of(failed.message()));
    }
  }

  /** Lets go of {@code root}, if pinned: what no other pin holds goes with the next garbage collection. */
  public void unpin(Cid root) {
    Map<String, String> query = Map.of("arg", root.toString(), "recursive", "true");
    if (rpc.call("pin/rm", query, MAX_JSON, PIN) instanceof Answer.Failed failed
        && !failed.message().contains("not pinned")) {
      throw failure(
          "DV424",
          "Kubo does not let go of a pin",
          rpc.api() + ": " + failed.message() + ".",
          "Look at Kubo's own log.");
    }
  }

  @Override
  public String describe() {
    return "kubo " + rpc.api();
  }

  private static DiagnosticException failure(String code, String summary, String... detail) {
    return new DiagnosticException(Diagnostic.error(code, summary, detail));
  }

  @Override
  public void close() {
    rpc.close();
  }
}
