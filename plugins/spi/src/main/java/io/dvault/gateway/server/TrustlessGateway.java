package io.dvault.gateway.server;

import com.sun.net.httpserver.HttpServer;
import io.dvault.dag.BlockSource;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Serves the blocks of any source over HTTP, as the IPFS trustless gateway specification says: {@code
 * /ipfs/{cid}?format=raw} and {@code format=car}. What it serves is sealed, so that it asks nobody who they are; it
 * binds to loopback unless told otherwise. Threads, connections and times are bounded.
 */
public final class TrustlessGateway implements AutoCloseable {
  private static final int THREADS = 16;
  private static final int QUEUE = 256;
  private final HttpServer server;
  private final ExecutorService threads;
  private final String host;

  static {
    // Read once by the JDK's server, which has no other way to be told. Without nodelay every
    // answer may wait 40 ms.
    setUnlessSet("sun.net.httpserver.nodelay", "true");
    setUnlessSet("sun.net.httpserver.maxReqTime", "15");
    setUnlessSet("sun.net.httpserver.maxRspTime", "600");
    setUnlessSet("jdk.httpserver.maxConnections", "512");
  }

  private TrustlessGateway(HttpServer server, ExecutorService threads, String host) {
    this.server = server;
    this.threads = threads;
    this.host = host;
  }

  /** Serves {@code source} on loopback; port 0 takes a free one. */
  public static TrustlessGateway start(BlockSource source, int port) {
    return start(
        source, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BlockTransform.NONE);
  }

  /** Throws a DiagnosticException (DV430) when the address is taken or not this machine's. */
  public static TrustlessGateway start(
      BlockSource source, InetSocketAddress address, BlockTransform transform) {
    try {
      HttpServer server = HttpServer.create(address, 128);
      ExecutorService threads = new ThreadPoolExecutor(
          THREADS,
          THREADS,
          30,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUE),
          Thread.ofPlatform().daemon().name("gateway-", 0).factory());
      server.setExecutor(threads);
      server.createContext("/", new GatewayHandler(source, transform));
      server.start();
      return new TrustlessGateway(server, threads, address.getAddress().getHostAddress());
    } catch (BindException e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV430",
          "cannot serve blocks at " + address.getHostString() + ":" + address.getPort(),
          e.getMessage() + ".",
          "Choose another port, or 0 for any free one."));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** The base to give to readers. */
  public URI uri() {
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return URI.create("http://" + bracketed + ":" + server.getAddress().getPort());
  }

  /** Ends at once, answers under way included. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
