package io.dvault.ledger.evm;

import io.dvault.ledger.LedgerException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * Where to ask, and how many must agree.
 *
 * @param rpc 1 to 16 distinct http or https URLs
 * @param quorum how many of them must give the same answer, 1 to all
 * @param timeout for one request and its whole answer
 */
public record EndpointSettings(List<URI> rpc, int quorum, Duration timeout) {
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_ENDPOINTS = 16;

  public EndpointSettings {
    rpc = List.copyOf(rpc);
    rpc.forEach(url -> requireUsable(url, "http"));
    if (rpc.isEmpty() || rpc.size() > MAX_ENDPOINTS) {
      throw new LedgerException(
          "1 to " + MAX_ENDPOINTS + " RPC URLs are needed, got " + rpc.size());
    }
    if (new HashSet<>(rpc).size() != rpc.size()) {
      throw new LedgerException("the same RPC URL is listed twice: it would count as two votes");
    }
    if (quorum < 1 || quorum > rpc.size()) {
      throw new LedgerException(
          "the quorum must be 1 to " + rpc.size() + " (the number of RPC URLs), got " + quorum);
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new LedgerException("the RPC timeout must be positive, got " + timeout);
    }
  }

  public EndpointSettings(List<URI> rpc, int quorum) {
    this(rpc, quorum, DEFAULT_TIMEOUT);
  }

  public static EndpointSettings of(URI rpc) {
    return new EndpointSettings(List.of(rpc), 1);
  }

  /** Reads URLs as users write them; throws {@link LedgerException} with the one that is wrong, and why. */
  public static EndpointSettings parse(List<String> urls, int quorum) {
    return new EndpointSettings(urls.stream().map(url -> parseUrl(url, "http")).toList(), quorum);
  }

  /** Where {@link EventFeed} may listen: 1 to 16 ws or wss URLs. Throws {@link LedgerException} like {@link #parse}. */
  public static List<URI> parseSockets(List<String> urls) {
    List<URI> sockets = urls.stream().map(url -> parseUrl(url, "ws")).distinct().toList();
    if (sockets.size() > MAX_ENDPOINTS) {
      throw new LedgerException(
          "at most " + MAX_ENDPOINTS + " WebSocket URLs, got " + sockets.size());
    }
    return sockets;
  }

  /** The endpoints' addresses under ws and wss: where many nodes and providers push events. */
  public List<URI> sockets() {
    return rpc.stream()
        .map(url -> URI.create("ws" + url.toString().substring("http".length())))
        .toList();
  }

  /** True when every endpoint is on this machine: a devnet. */
  public boolean onLoopback() {
    return rpc.stream().allMatch(EndpointSettings::isLoopback);
  }

  public EndpointSettings withTimeout(Duration other) {
    return new EndpointSettings(rpc, quorum, other);
  }

  /**
   * A URL as it may be shown: providers put API keys into user info, query and long path segments, so these become
   * {@code …} (docs/threat-model.md T27).
   */
  static String redacted(URI url) {
    StringBuilder text = new StringBuilder(url.getScheme()).append("://").append(url.getHost());
    if (url.getPort() >= 0) {
      text.append(':').append(url.getPort());
    }
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    text.append(path.replaceAll("[^/]{16,}", "…"));
    return url.getRawQuery() == null ? text.toString() : text.append("?…").toString();
  }

  // Names other than localhost are not looked up: what a resolver says must not decide about a key.
  private static boolean isLoopback(URI url) {
    String host = url.getHost();
    return host.equalsIgnoreCase("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  private static URI parseUrl(String text, String scheme) {
    try {
      return requireUsable(new URI(text.strip()), scheme);
    } catch (URISyntaxException e) {
      // Without the cause: its message repeats the text, which may hold an API key.
      throw new LedgerException("not a URL: an RPC endpoint (character " + (e.getIndex() + 1) + ": "
          + e.getReason() + "). " + expected(scheme));
    }
  }

  private static String expected(String scheme) {
    return "Expected " + scheme + "://host:port or " + scheme + "s://host/path.";
  }

  private static URI requireUsable(URI url, String scheme) {
    if (url.getScheme() == null
        || !url.getScheme().matches("(?i)" + scheme + "s?")
        || url.getHost() == null) {
      throw new LedgerException(
          "not " + (scheme.equals("http") ? "an " : "a ") + scheme + " or " + scheme
              + "s URL: an RPC endpoint with " + named("scheme", url.getScheme()) + " and "
              + named("host", url.getHost())
              + ". " + expected(scheme));
    }
    if (url.getPort() == 0 || url.getPort() > 65535) {
      throw new LedgerException("the port of " + redacted(url) + " must be 1 to 65535");
    }
    return url;
  }

  private static String named(String part, String text) {
    return text == null ? "no " + part : part + " \"" + text + "\"";
  }
}
