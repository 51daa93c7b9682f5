package io.dvault.apply;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockStore;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicLong;

/** Puts new blocks to every store and reads them back from every gateway, before anything commits to them. */
final class Publication {
  /** Requests under way at once: reading back waits on the network, not on this machine. */
  private static final int PARALLEL = 16;

  private static final int ATTEMPTS = 6;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final Collection<BlockStore> stores;
  private final Map<String, BlockSource> gateways;

  /** @param gateways each alone, by its URL */
  Publication(Collection<BlockStore> stores, Map<String, BlockSource> gateways) {
    this.stores = List.copyOf(stores);
    this.gateways = Map.copyOf(gateways);
  }

  void put(Cid root, List<Block> blocks, ApplyProgress progress) {
    for (BlockStore store : stores) {
      store.put(List.of(root), blocks);
    }
    progress.published(bytes(blocks), stores.size());
  }

  /** Throws DV306 when a gateway does not have a block after all attempts. */
  void readBack(List<Block> blocks, ApplyProgress progress) {
    AtomicLong done = new AtomicLong();
    long all = (long) blocks.size() * gateways.size();
    try (ForkJoinPool pool = new ForkJoinPool(PARALLEL)) {
      gateways.forEach((url, gateway) -> pool.submit(() -> blocks.parallelStream().forEach(block -> {
        get(url, gateway, block.cid());
        progress.readBack(done.incrementAndGet(), all);
      })).join());
    }
    progress.published(bytes(blocks), stores.size(), gateways.size());
  }

  /** What a store has taken may need a moment until its gateway shows it. */
  private static void get(String url, BlockSource gateway, Cid cid) {
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        gateway.get(cid);
        return;
      } catch (BlockUnavailableException e) {
        if (attempt == ATTEMPTS) {
          throw new DiagnosticException(Diagnostic.error("DV306", "a gateway does not give back what was published",
              url + " has no block " + cid + ": " + String.join("; ", e.attempts()) + ".",
              "Nothing was committed. Check blocks.publish and blocks.gateways in vault.yaml, then apply again."));
        }
      }
      sleep(pause);
      pause = pause.multipliedBy(2);
    }
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a gateway", e);
    }
  }

  static long bytes(Collection<Block> blocks) {
    return blocks.stream().mapToLong(block -> block.bytes().length).sum();
  }
}
