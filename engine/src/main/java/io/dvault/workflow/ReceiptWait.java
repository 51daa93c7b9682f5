package io.dvault.workflow;

import io.dvault.workflow.ExpectedReceipt.Report;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Waits until devices say by their signed receipts that a commit has arrived. docs/requirements.md
 * S6.
 */
public final class ReceiptWait {
  private static final long SHORTEST_MILLIS = 200;
  private static final long LONGEST_MILLIS = 2_000;
  /** A look takes no more than a tenth of the time. */
  private static final int LOOK_SHARE = 10;

  private final Receipts receipts;
  private final Interruption interruption;
  private final Clock clock;
  private final ApplyListener listener;

  /**
   * How a wait ended.
   *
   * @param done devices that have it
   * @param failed by device, what did not work
   * @param missing by device, what is known instead
   * @param stopped whether somebody asked to stop
   */
  public record Result(
      Set<String> done,
      Map<String, List<String>> failed,
      Map<String, String> missing,
      boolean stopped) {
    public Result {
      done = Set.copyOf(done);
      failed = Map.copyOf(failed);
      missing = Map.copyOf(missing);
    }

    public int devices() {
      return done.size() + failed.size() + missing.size();
    }

    public boolean isGood() {
      return failed.isEmpty() && missing.isEmpty();
    }
  }

  ReceiptWait(Receipts receipts, Interruption interruption, Clock clock, ApplyListener listener) {
    this.receipts = receipts;
    this.interruption = interruption;
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * Returns once every device has reported, well or not; after {@code patience}; or when somebody asked to stop.
   *
   * @param enough whether what is known so far ends it too
   */
  Result await(
      List<ExpectedReceipt> devices, long epoch, Duration patience, Predicate<Result> enough) {
    interruption.waiting();
    listener.waitStarted();
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      long looked = System.nanoTime();
      receipts.look();
      Result result = judge(devices);
      long now = System.nanoTime();
      boolean over = result.missing().isEmpty() || now - end >= 0 || enough.test(result);
      if (over || result.stopped()) {
        listener.waited(result, epoch);
        return result;
      }
      listener.waiting(result);
      sleep(Math.clamp((now - looked) / 1_000_000 * LOOK_SHARE, SHORTEST_MILLIS, LONGEST_MILLIS));
    }
  }

  private Result judge(List<ExpectedReceipt> devices) {
    Set<String> done = new TreeSet<>();
    Map<String, List<String>> failed = new TreeMap<>();
    Map<String, String> missing = new TreeMap<>();
    for (ExpectedReceipt each : devices) {
      switch (each.judge(receipts.find(each.device()), clock.instant())) {
        case Report.Done unused -> done.add(each.device().name());
        case Report.Failed report -> failed.put(each.device().name(), report.what());
        case Report.Missing report -> missing.put(each.device().name(), report.words());
      }
    }
    return new Result(done, failed, missing, interruption.requested());
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for receipts", e);
    }
  }
}
