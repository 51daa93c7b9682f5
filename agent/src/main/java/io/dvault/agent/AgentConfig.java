package io.dvault.agent;

import io.dvault.install.DeviceAllowlist;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code agent.yaml}: what the device says for itself.
 *
 * @param root prefix of every path that a vault or this file names on the device, when it is not the agent's own root
 * @param rpc instead of the anchor's, when not empty
 * @param quorum how many of the endpoints must agree; empty: the anchor's
 * @param gateways asked before the anchor's
 * @param eventsFrom WebSocket endpoints to listen to; empty: the RPC endpoints under ws and wss
 * @param eventsPoll how often to look while enough of them stand and all is well
 */
record AgentConfig(
    Optional<Path> root,
    Duration poll,
    Optional<List<URI>> eventsFrom,
    Duration eventsPoll,
    List<String> rpc,
    Optional<Integer> quorum,
    List<URI> gateways,
    DeviceAllowlist bounds,
    SessionEnd sessionEnd,
    List<Sink> receipts) {
  AgentConfig {
    eventsFrom = eventsFrom.map(List::copyOf);
    rpc = List.copyOf(rpc);
    gateways = List.copyOf(gateways);
    receipts = List.copyOf(receipts);
  }

  /** How live sessions of an ended key are found. */
  enum SessionEnd {
    AUTH_INFO,
    ACCOUNT,
    NEVER
  }

  /** Where receipts go. */
  sealed interface Sink {
    /** @param path a file, or a folder that gets one file a device */
    record File(Path path) implements Sink {
      @Override
      public String toString() {
        return path.toString();
      }
    }

    record Http(URI url) implements Sink {
      /** Without user and query, which may hold a collector's token. */
      @Override
      public String toString() {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + url.getRawPath();
      }
    }
  }
}
