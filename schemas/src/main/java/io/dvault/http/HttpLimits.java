package io.dvault.http;

import java.time.Duration;

/**
 * How long and how much one exchange may take, whatever the server says in its headers.
 *
 * @param total from the request to the last byte of the answer, connecting included
 * @param head from the request to the end of the answer's headers
 * @param window after the headers, each window must bring {@code windowBytes} of the body
 * @param windowBytes 0 to wait for the body without a minimum pace
 * @param bodyBytes the largest body
 */
public record HttpLimits(
    Duration total, Duration head, Duration window, int windowBytes, int bodyBytes) {
  private static final Duration LONGEST = Duration.ofDays(1);

  public HttpLimits {
    requirePositive(total);
    requirePositive(head);
    requirePositive(window);
    if (windowBytes < 0 || bodyBytes < 0) {
      throw new IllegalArgumentException("HTTP limits must not be negative");
    }
  }

  /** Limits the whole exchange alone, for a server that may rightly pause within its answer. */
  public static HttpLimits within(Duration total, int bodyBytes) {
    return new HttpLimits(total, total, total, 0, bodyBytes);
  }

  public HttpLimits withTotal(Duration other) {
    return new HttpLimits(other, head, window, windowBytes, bodyBytes);
  }

  private static void requirePositive(Duration limit) {
    if (limit.isNegative() || limit.isZero() || limit.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "an HTTP limit must be above 0 and at most a day, got " + limit);
    }
  }
}
