package io.dvault.gateway;

import io.dvault.cbor.Cid;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Reads every new block back from every gateway before anything commits to it: what a device will ask for was there.
 * Not a sample, for one missing bundle is one device locked out. docs/threat-model.md T30. Subtrees
 * that are all new come as one CAR each where a gateway gives them; what did not come that way is
 * asked for block by block.
 *
 * @param perGateway requests under way at once at one gateway
 * @param patience how long a block may need until a gateway shows it; what is none by its answers gets three seconds
 */
public record ReadBack(int perGateway, Duration patience) {
  public static final ReadBack DEFAULT = new ReadBack(8, Duration.ofSeconds(20));
  private static final Duration UNFIT_PATIENCE =
      Duration.ofSeconds(3); // one that is being restarted
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LAST_PAUSE_MILLIS = 2_000;
  private static final int MAX_THREADS = 64;
  private static final int MAX_CAR = 4 << 20;
  private static final int CAR_OVERHEAD = 128;
  private static final int OLD_LEAF = 16 << 10;

  /** Hears how many blocks of how many were read, from any thread; what it throws ends the reading. */
  @FunctionalInterface
  public interface Progress {
    void readBack(long done, long all);
  }

  public ReadBack {
    if (perGateway < 1 || perGateway > MAX_THREADS || patience.isNegative()) {
      throw new IllegalArgumentException("read-back bounds out of range");
    }
  }

  /**
   * Returns when every gateway gave every block of {@code tree}; throws a DiagnosticException
   * (DV440, one for each gateway
   * that did not) otherwise. The sources verify hashes themselves, as {@link BlockSource} says.
   *
   * @param gateways each alone, by the name to show
   */
  public void verify(
      Map<String, ? extends BlockSource> gateways, NewSubtree tree, Progress progress) {
    List<NewSubtree> all = new ArrayList<>();
    collect(tree, all);
    verify(gateways, all, tree.blocks() * gateways.size(), progress);
  }

  /** The same for single blocks. */
  public void verify(
      Map<String, ? extends BlockSource> gateways, Collection<Cid> cids, Progress progress) {
    List<NewSubtree> all = cids.stream().map(cid -> NewSubtree.leaf(cid, 0)).toList();
    verify(gateways, all, (long) all.size() * gateways.size(), progress);
  }

  private void verify(
      Map<String, ? extends BlockSource> gateways,
      List<NewSubtree> all,
      long total,
      Progress progress) {
    AtomicLong done = new AtomicLong();
    int threads = Math.max(
        1, Math.min(MAX_THREADS / Math.max(1, gateways.size()), Math.min(perGateway, all.size())));
    Map<String, Reader> readers = new LinkedHashMap<>();
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService pool = Executors.newThreadPerTaskExecutor(
        Thread.ofPlatform().daemon().name("read-back-", 0).factory())) {
      gateways.forEach((name, source) -> {
        Reader reader =
            new Reader(name, source, all, more -> progress.readBack(done.addAndGet(more), total));
        readers.put(name, reader);
        for (int i = 0; i < threads; i++) {
          running.add(pool.submit(reader));
        }
      });
      running.forEach(ReadBack::await);
    }
    List<Diagnostic> faults =
        readers.values().stream().flatMap(reader -> reader.findings().stream()).toList();
    if (!faults.isEmpty()) {
      throw new DiagnosticException(faults);
    }
  }

  /** What to ask for, each by one CAR or, where that is not worth it or the CAR were too long, as one block. */
  private static void collect(NewSubtree tree, List<NewSubtree> all) {
    if (fitsACar(tree)) {
      all.add(tree);
      return;
    }
    all.add(NewSubtree.leaf(tree.cid(), 0));
    tree.below().forEach(each -> collect(each, all));
  }

  private static boolean fitsACar(NewSubtree tree) {
    return tree.isWorthACar() && longestCar(tree) <= MAX_CAR;
  }

  /** Some room for what frames the blocks; a bundle of before is most often not longer than this. */
  private static long longestCar(NewSubtree tree) {
    return tree.bytes() + CAR_OVERHEAD * (1 + tree.blocks()) + OLD_LEAF * tree.oldLeaves();
  }

  private static void await(Future<?> task) {
    try {
      task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading back", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException own) {
        throw own; // who hears the progress may have had enough
      }
      throw new IllegalStateException("reading back failed", e.getCause());
    }
  }

  /** All threads of one gateway: they take subtrees by a shared counter, and stop at the first that is not there. */
  private final class Reader implements Runnable {
    private final String name;
    private final BlockSource source;
    private final List<NewSubtree> subtrees;
    private final LongConsumer progress;
    private final AtomicInteger next = new AtomicInteger();
    private final List<Diagnostic> findings = new ArrayList<>();
    private volatile boolean cars;

    Reader(String name, BlockSource source, List<NewSubtree> subtrees, LongConsumer progress) {
      this.name = name;
      this.source = source;
      this.subtrees = subtrees;
      this.progress = progress;
      this.cars = source instanceof SubtreeSource;
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement(); i < subtrees.size(); i = next.getAndIncrement()) {
        try {
          read(subtrees.get(i));
        } catch (BlockUnavailableException e) {
          next.set(subtrees.size());
          report(e);
          return;
        }
      }
    }

    private void read(NewSubtree subtree) {
      Set<Cid> missing = HashSet.newHashSet((int) subtree.blocks());
      subtree.addTo(missing);
      if (missing.size() > 1 && cars && source instanceof SubtreeSource trees) {
        boolean served = trees.subtree(
            subtree.cid(), (int) longestCar(subtree), block -> missing.remove(block.cid()));
        cars = served && missing.size() < subtree.blocks();
        progress.accept(subtree.blocks() - missing.size());
      }
      for (Cid cid : missing) {
        read(cid);
        progress.accept(1);
      }
    }

    private void read(Cid cid) {
      long began = System.nanoTime();
      for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LAST_PAUSE_MILLIS)) {
        try {
          source.get(cid);
          return;
        } catch (BlockUnavailableException e) {
          boolean brief = e.isForLong() && patience.compareTo(UNFIT_PATIENCE) > 0;
          long enough = (brief ? UNFIT_PATIENCE : patience).toNanos();
          if (System.nanoTime() - began >= enough || !findings().isEmpty()) {
            throw e;
          }
        }
        sleep(pause);
      }
    }

    private synchronized void report(BlockUnavailableException e) {
      if (findings.isEmpty()) {
        findings.add(
            Diagnostic.error(
                "DV440",
                "a gateway does not give back what was published",
                name + " has no block " + e.cid() + ": " + why(e) + ".",
                "Nothing was committed. Check blocks.publish and blocks.gateways in vault.yaml, then apply again."));
      }
    }

    private String why(BlockUnavailableException e) {
      String own = name + ": ";
      return e.attempts().stream()
          .map(each -> each.startsWith(own) ? each.substring(own.length()) : each)
          .collect(Collectors.joining("; "));
    }

    synchronized List<Diagnostic> findings() {
      return List.copyOf(findings);
    }

    private static void sleep(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for a gateway", e);
      }
    }
  }
}
