package io.dvault.gateway;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;

/** One gateway: its idle connections, and the way from a CID to a block that has been hashed. Safe for many threads. */
final class Gateway implements AutoCloseable {
  private static final int MAX_IDLE = 16;
  private static final long MAX_IDLE_NANOS = 20_000_000_000L; // servers commonly hang up after 30 s or more
  private static final String RAW = "application/vnd.ipld.raw";
  private static final String CAR = "application/vnd.ipld.car; version=1; order=dfs; dups=n";
  private final URI base;
  private final GatewayLimits limits;
  private final LongSupplier nanos;
  private final Deque<GatewayConnection> idle = new ArrayDeque<>();
  private boolean closed;

  Gateway(URI base, GatewayLimits limits, LongSupplier nanos) {
    this.base = base;
    this.limits = limits;
    this.nanos = nanos;
  }

  URI base() {
    return base;
  }

  /** Gets and hashes one block. Every fault, also of the network, comes as one {@link GatewayFault} with one line. */
  Block get(Cid cid) throws GatewayFault {
    try {
      Pace pace = Pace.ofExchange(limits, nanos);
      URI target = URI.create(base + "/ipfs/" + cid + "?format=raw");
      HttpAnswer answer = follow(target, new Wanted(RAW, limits.blockBytes(), pace));
      return verified(cid, answer);
    } catch (GatewayFault e) {
      throw e;
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /** Gets the CAR of {@code root} and all below it, at most {@code maxBytes} long; its blocks are not hashed yet. */
  byte[] car(Cid root, int maxBytes) throws GatewayFault {
    try {
      Pace pace = Pace.ofLongExchange(limits, maxBytes, nanos);
      URI target = URI.create(base + "/ipfs/" + root + "?format=car&dag-scope=all&car-order=dfs&car-dups=n");
      return follow(target, new Wanted(CAR, maxBytes, pace)).body();
    } catch (GatewayFault e) {
      throw e;
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /** What an exchange is for: media type, most bytes of the answer, and how long it may take. */
  private record Wanted(String type, int maxBytes, Pace pace) {}

  /**
   * docs/threat-model.md T14: nothing looks into the bytes before they hash to what was asked for.
   */
  private static Block verified(Cid cid, HttpAnswer answer) throws GatewayFault {
    byte[] body = answer.body();
    Block block = Block.of(cid.codec(), body);
    if (!block.cid().equals(cid)) {
      if (answer.header("content-type").orElse("").startsWith("text/html")) {
        throw new GatewayFault.Unfit("answered with a web page, as no trustless gateway does");
      }
      throw new GatewayFault.Unfit("hash mismatch: " + body.length + " bytes that are " + block.cid());
    }
    return block;
  }

  private HttpAnswer follow(URI first, Wanted wanted) throws IOException {
    URI target = first;
    for (int hop = 0; hop <= limits.redirects(); hop++) {
      HttpAnswer answer = hop == 0 ? atHome(target, wanted) : elsewhere(target, wanted);
      switch (answer.status()) {
        case 200 -> {
          return answer;
        }
        case 301, 302, 303, 307, 308 -> target = redirected(target, answer);
        case 400, 405, 406, 501 -> throw new GatewayFault.NotServed("answered " + answer.status());
        case 404, 410 -> throw new GatewayFault.Absent("does not have it (" + answer.status() + ")");
        default -> throw new GatewayFault("answered " + answer.status());
      }
    }
    throw new GatewayFault("redirected more than " + limits.redirects() + " times");
  }

  /** Only to the same host or below it (subdomain gateways), and never from https to http. */
  private URI redirected(URI from, HttpAnswer answer) throws GatewayFault {
    String location = answer.header("location").orElseThrow(() -> new GatewayFault("redirected to nowhere"));
    try {
      URI to = from.resolve(location);
      String home = base.getHost().toLowerCase(Locale.ROOT);
      String host = to.getHost() == null ? "" : to.getHost().toLowerCase(Locale.ROOT);
      boolean near = host.equals(home) || host.endsWith("." + home);
      boolean safe = "https".equals(to.getScheme()) || "http".equals(to.getScheme()) && from.getScheme().equals("http");
      if (near && safe && to.getRawUserInfo() == null) {
        return to;
      }
    } catch (IllegalArgumentException e) {
      throw new GatewayFault("redirected to " + HttpReader.printable(location) + ", which is no address");
    }
    throw new GatewayFault("redirected to " + HttpReader.printable(location) + ", which is another host");
  }

  private HttpAnswer atHome(URI target, Wanted wanted) throws IOException {
    GatewayConnection kept = takeIdle();
    if (kept != null) {
      try {
        return exchange(kept, target, wanted);
      } catch (HttpReader.NothingCame | SocketException stale) {
        return exchange(GatewayConnection.open(base, limits, nanos), target, wanted); // once, and on a new connection
      }
    }
    return exchange(GatewayConnection.open(base, limits, nanos), target, wanted);
  }

  private HttpAnswer exchange(GatewayConnection connection, URI target, Wanted wanted) throws IOException {
    boolean keep = false;
    try {
      HttpAnswer answer = connection.get(target, wanted.type(), wanted.pace(), wanted.maxBytes());
      keep = answer.reusable() && connection.isClean() && putIdle(connection);
      return answer;
    } finally {
      if (!keep) {
        connection.close();
      }
    }
  }

  private HttpAnswer elsewhere(URI target, Wanted wanted) throws IOException {
    try (GatewayConnection connection = GatewayConnection.open(target, limits, nanos)) {
      return connection.get(target, wanted.type(), wanted.pace(), wanted.maxBytes());
    }
  }

  private GatewayConnection takeIdle() throws IOException {
    synchronized (idle) {
      GatewayConnection newest = idle.pollFirst();
      if (newest != null && nanos.getAsLong() - newest.idleSince() > MAX_IDLE_NANOS) {
        newest.close(); // and so have all others: they are older
        closeIdle();
        return null;
      }
      return newest;
    }
  }

  private boolean putIdle(GatewayConnection connection) {
    synchronized (idle) {
      if (closed || idle.size() >= MAX_IDLE) {
        return false;
      }
      connection.rest(nanos.getAsLong());
      idle.addFirst(connection);
      return true;
    }
  }

  private void closeIdle() throws IOException {
    for (GatewayConnection next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      next.close();
    }
  }

  private static GatewayFault fault(IOException e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return switch (e) {
      case UnknownHostException unknown -> new GatewayFault.Unfit("host name not found");
      case ConnectException refused -> new GatewayFault.Unfit("connection refused");
      case NoRouteToHostException route -> new GatewayFault.Unfit("no route to host");
      case SocketTimeoutException slow -> new GatewayFault(message);
      case SSLException tls -> new GatewayFault.Unfit("TLS: " + HttpReader.printable(message));
      default -> new GatewayFault(HttpReader.printable(message));
    };
  }

  @Override
  public void close() throws IOException {
    synchronized (idle) {
      closed = true;
      closeIdle();
    }
  }
}
