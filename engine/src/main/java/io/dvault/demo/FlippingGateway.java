package io.dvault.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dvault.http.BoundedHttpClient;
import io.dvault.http.HttpAnswer;
import io.dvault.http.HttpLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A gateway that passes on what the honest one says and, once it is armed, flips one byte of every block. */
final class FlippingGateway implements AutoCloseable {
  private static final HttpLimits LIMITS = HttpLimits.within(Duration.ofSeconds(30), 8 << 20);
  private final BoundedHttpClient client = new BoundedHttpClient(Duration.ofSeconds(5));
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
      HttpRequest.Builder question = HttpRequest.newBuilder(
              honest.resolve(exchange.getRequestURI().toString()))
          .method(exchange.getRequestMethod(), BodyPublishers.noBody());
      Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept"))
          .ifPresent(accept -> question.header("Accept", accept));
      HttpAnswer upstream = client.send(question.build(), LIMITS);
      int status = upstream.status();
      byte[] body = upstream.body();
      if (armed.get() && status == 200 && body.length > 0) {
        body[body.length / 2] ^= 1;
        flipped.incrementAndGet();
      }
      upstream
          .header("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.close();
  }
}
