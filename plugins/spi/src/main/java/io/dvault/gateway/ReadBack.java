package io.dvault.gateway;

import io.dvault.cbor.Cid;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Reads every new block back from every gateway before anything commits to it: what a device will ask for was there.
 * Not a sample, for one missing bundle is one device locked out. SECURITY T30, DESIGN 4.
 *
 * @param perGateway requests under way at once at one gateway
 * @param patience how long a block may need until a gateway shows it
 */
public record ReadBack(int perGateway, Duration patience) {
  public static final ReadBack DEFAULT = new ReadBack(8, Duration.ofSeconds(20));
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LAST_PAUSE_MILLIS = 2_000;
  private static final int MAX_THREADS = 64;

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
   * Returns when every gateway gave every block; throws a DiagnosticException (DV440, one for each gateway that did
   * not) otherwise. The sources verify hashes themselves, as {@link BlockSource} says.
   *
   * @param gateways each alone, by the name to show
   */
  public void verify(Map<String, ? extends BlockSource> gateways, Collection<Cid> cids, Progress progress) {
    List<Cid> all = List.copyOf(cids);
    AtomicLong done = new AtomicLong();
    long total = (long) all.size() * gateways.size();
    int threads = Math.max(1, Math.min(MAX_THREADS / Math.max(1, gateways.size()), Math.min(perGateway, all.size())));
    Map<String, Reader> readers = new LinkedHashMap<>();
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService pool = Executors.newThreadPerTaskExecutor(
        Thread.ofPlatform().daemon().name("read-back-", 0).factory())) {
      gateways.forEach((name, source) -> {
        Reader reader = new Reader(name, source, all, () -> progress.readBack(done.incrementAndGet(), total));
        readers.put(name, reader);
        for (int i = 0; i < threads; i++) {
          running.add(pool.submit(reader));
        }
      });
      running.forEach(ReadBack::await);
    }
    List<Diagnostic> faults = readers.values().stream().flatMap(reader -> reader.findings().stream()).toList();
    if (!faults.isEmpty()) {
      throw new DiagnosticException(faults);
    }
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

  /** All threads of one gateway: they take blocks by a shared counter, and stop at the first that is not there. */
  private final class Reader implements Runnable {
    private final String name;
    private final BlockSource source;
    private final List<Cid> cids;
    private final Runnable progress;
    private final AtomicInteger next = new AtomicInteger();
    private final List<Diagnostic> findings = new ArrayList<>();

    Reader(String name, BlockSource source, List<Cid> cids, Runnable progress) {
      this.name = name;
      this.source = source;
      this.cids = cids;
      this.progress = progress;
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement(); i < cids.size(); i = next.getAndIncrement()) {
        try {
          read(cids.get(i));
          progress.run();
        } catch (BlockUnavailableException e) {
          next.set(cids.size());
          report(e);
          return;
        }
      }
    }

    private void read(Cid cid) {
      long giveUp = System.nanoTime() + patience.toNanos();
      for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LAST_PAUSE_MILLIS)) {
        try {
          source.get(cid);
          return;
        } catch (BlockUnavailableException e) {
          if (System.nanoTime() - giveUp >= 0 || !findings().isEmpty()) {
            throw e;
          }
        }
        sleep(pause);
      }
    }

    private synchronized void report(BlockUnavailableException e) {
      if (findings.isEmpty()) {
        findings.add(Diagnostic.error("DV440", "a gateway does not give back what was published",
            name + " has no block " + e.cid() + ": " + why(e) + ".",
            "Nothing was committed. Check blocks.publish and blocks.gateways in vault.yaml, then apply again."));
      }
    }

    private String why(BlockUnavailableException e) {
      String own = name + ": ";
      return e.attempts().stream().map(each -> each.startsWith(own) ? each.substring(own.length()) : each)
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
