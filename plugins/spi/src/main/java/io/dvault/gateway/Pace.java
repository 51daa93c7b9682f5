package io.dvault.gateway;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The deadline of one exchange and the least speed once bytes flow. Sits below TLS and HTTP parsing, so that a drip
 * inside a TLS record, a header or a chunk size is cut as well.
 */
final class Pace {
  private static final int MODEST_BYTES_A_SECOND = 128 * 1024;
  private final LongSupplier nanos;
  private final long deadline;
  private final long window;
  private final int windowBytes;
  private long windowEnd;
  private int inWindow;
  private boolean begun;

  private Pace(LongSupplier nanos, Duration total, Duration first, Duration window, int windowBytes) {
    this.nanos = nanos;
    long now = nanos.getAsLong();
    this.deadline = now + total.toNanos();
    this.window = window.toNanos();
    this.windowBytes = windowBytes;
    this.windowEnd = now + first.toNanos();
  }

  static Pace ofExchange(GatewayLimits limits, LongSupplier nanos) {
    return new Pace(nanos, limits.block(), limits.firstByte(), limits.window(), limits.windowBytes());
  }

  /** For an answer of many blocks: as long as one block, and longer by the time that its bytes take at a modest speed. */
  static Pace ofLongExchange(GatewayLimits limits, int bytes, LongSupplier nanos) {
    Duration total = limits.block().plusSeconds(bytes / MODEST_BYTES_A_SECOND);
    return new Pace(nanos, total, limits.firstByte(), limits.window(), limits.windowBytes());
  }

  static Pace ofConnect(GatewayLimits limits, LongSupplier nanos) {
    return new Pace(nanos, limits.connect(), limits.connect(), limits.connect(), 0);
  }

  /** How long the next read may wait, at least 1; throws when no time is left. */
  int millisLeft() throws SocketTimeoutException {
    long now = nanos.getAsLong();
    if (now - deadline >= 0) {
      throw new SocketTimeoutException("took too long");
    }
    if (now - windowEnd >= 0) {
      closeWindow(now);
    }
    long left = Math.min(deadline - now, windowEnd - now);
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, left / 1_000_000));
  }

  void received(int bytes) {
    if (!begun) {
      begun = true;
      windowEnd = nanos.getAsLong() + window;
    }
    inWindow += bytes;
  }

  private void closeWindow(long now) throws SocketTimeoutException {
    if (!begun) {
      throw new SocketTimeoutException("no answer in time");
    }
    if (inWindow < windowBytes) {
      throw new SocketTimeoutException("too slow: " + inWindow + " bytes in " + window / 1_000_000 + " ms");
    }
    inWindow = 0;
    windowEnd = now + window;
  }
}
