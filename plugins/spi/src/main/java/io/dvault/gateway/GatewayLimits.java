package io.dvault.gateway;

import io.dvault.dag.Block;
import java.time.Duration;

/**
 * How long and how much one gateway may take for one block, whatever it says in its headers.
 * docs/threat-model.md T14.
 *
 * @param connect for the TCP connection and the TLS handshake together
 * @param firstByte from the request to the end of the answer's headers: the gateway may have to look for the block
 * @param block from the request to the last byte
 * @param window after the headers, each window must bring {@code windowBytes} or the gateway is dropped
 * @param blockBytes the largest block, at most {@link Block#MAX_LENGTH}
 * @param redirects how many may be followed, within the gateway's own host and its subdomains
 */
public record GatewayLimits(
    Duration connect,
    Duration firstByte,
    Duration block,
    Duration window,
    int windowBytes,
    int blockBytes,
    int redirects) {
  public static final GatewayLimits DEFAULT = new GatewayLimits(
      Duration.ofSeconds(5),
      Duration.ofSeconds(15),
      Duration.ofSeconds(30),
      Duration.ofSeconds(5),
      1024,
      Block.MAX_LENGTH,
      2);

  public GatewayLimits {
    requirePositive(connect);
    requirePositive(firstByte);
    requirePositive(block);
    requirePositive(window);
    if (windowBytes < 1
        || blockBytes < 1
        || blockBytes > Block.MAX_LENGTH
        || redirects < 0
        || redirects > 10) {
      throw new IllegalArgumentException("gateway limits out of range");
    }
  }

  private static void requirePositive(Duration limit) {
    if (limit.isNegative() || limit.isZero() || limit.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "a gateway limit lies above 0 and within an hour, got " + limit);
    }
  }
}
