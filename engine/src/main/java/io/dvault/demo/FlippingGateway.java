package io.dvault.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A gateway that passes on what the honest one says and, once it is armed, flips one byte of every block. */
final class FlippingGateway implements AutoCloseable {
  private static final int MOST_BYTES = 1 << 21;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final URI honest;
  private final AtomicBoolean armed = new AtomicBoolean();
  private final AtomicInteger flipped = new AtomicInteger();

  FlippingGateway(URI honest) throws IOException {
    this.honest = honest;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void arm() {
    armed.set(true);
  }

  /** How many blocks were handed out with a flipped byte. */
  int flipped() {
    return flipped.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      HttpURLConnection upstream =
          (HttpURLConnection) honest.resolve(exchange.getRequestURI().toString()).toURL().openConnection();
      String accept = exchange.getRequestHeaders().getFirst("Accept");
      if (accept != null) {
        upstream.setRequestProperty("Accept", accept);
      }
      upstream.setRequestMethod(exchange.getRequestMethod());
      int status = upstream.getResponseCode();
      byte[] body = read(status < 400 ? upstream.getInputStream() : upstream.getErrorStream());
      if (armed.get() && status == 200 && body.length > 0) {
        body[body.length / 2] ^= 1;
        flipped.incrementAndGet();
      }
      String type = upstream.getContentType();
      if (type != null) {
        exchange.getResponseHeaders().set("Content-Type", type);
      }
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static byte[] read(InputStream in) throws IOException {
    if (in == null) {
      return new byte[0];
    }
    try (in) {
      return in.readNBytes(MOST_BYTES);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
