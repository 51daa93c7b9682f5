package io.dvault.gateway.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.dag.DagWalk;
import io.dvault.dag.MalformedBlockException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers one request of the trustless gateway. */
final class GatewayHandler implements HttpHandler {
  private static final long MAX_CAR_BLOCKS = 1_000_000;
  private static final int NO_BODY = -1;
  private final BlockSource source;
  private final BlockTransform transform;

  GatewayHandler(BlockSource source, BlockTransform transform) {
    this.source = source;
    this.transform = transform;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    // Closed at the end of a good answer only: closing would end a cut CAR as if it were whole.
    // After an exception the
    // server drops the connection.
    try {
      answer(exchange);
    } catch (BlockUnavailableException e) {
      refuse(exchange, 404, "this gateway does not have " + e.cid());
    }
    exchange.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      refuse(exchange, 405, "only GET and HEAD are served");
      return;
    }
    switch (GatewayRequest.read(exchange.getRequestURI(), exchange.getRequestHeaders())) {
      case GatewayRequest.Raw raw -> raw(exchange, raw.cid());
      case GatewayRequest.Car car -> car(exchange, car);
      case GatewayRequest.Refused refused -> refuse(exchange, refused.status(), refused.why());
    }
  }

  private void raw(HttpExchange exchange, Cid cid) throws IOException {
    Block block = source.get(cid);
    String etag = '"' + cid.toString() + ".raw\"";
    if (unchanged(exchange, etag)) {
      return;
    }
    describe(exchange, cid, etag, "application/vnd.ipld.raw", cid + ".bin");
    send(exchange, 200, transform.apply(cid, block.bytes()));
  }

  private void car(HttpExchange exchange, GatewayRequest.Car car) throws IOException {
    Block root = source.get(car.cid()); // so that an absent root is still a 404
    String etag = "W/\"" + car.cid() + (car.blockOnly() ? ".block" : "") + ".car\"";
    if (unchanged(exchange, etag)) {
      return;
    }
    describe(
        exchange,
        car.cid(),
        etag,
        "application/vnd.ipld.car; version=1; order=dfs; dups=n",
        car.cid() + ".car");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(200, NO_BODY);
      return;
    }
    CarAnswer answer = new CarAnswer(exchange, car.cid());
    try {
      long most = car.blockOnly() ? 1 : MAX_CAR_BLOCKS;
      boolean whole = DagWalk.walk(
          cid -> cid.equals(car.cid()) ? root : source.get(cid),
          car.cid(),
          most,
          cid -> true,
          block -> answer.add(block.cid(), transform.apply(block.cid(), block.bytes())));
      if (!whole && !car.blockOnly()) {
        answer.cut();
        throw new IOException("more than " + MAX_CAR_BLOCKS + " blocks below " + car.cid());
      }
      answer.end();
    } catch (BlockUnavailableException | MalformedBlockException e) {
      answer.cut();
      throw new IOException(e.getMessage(), e);
    }
  }

  private static boolean unchanged(HttpExchange exchange, String etag) throws IOException {
    List<String> known = exchange.getRequestHeaders().getOrDefault("If-None-Match", List.of());
    if (known.stream().noneMatch(each -> each.contains(etag))) {
      return false;
    }
    exchange.getResponseHeaders().set("ETag", etag);
    exchange.sendResponseHeaders(304, NO_BODY);
    return true;
  }

  private static void describe(
      HttpExchange exchange, Cid cid, String etag, String type, String file) {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type);
    headers.set("Content-Disposition", "attachment; filename=\"" + file + '"');
    headers.set("Cache-Control", "public, max-age=29030400, immutable");
    headers.set("ETag", etag);
    headers.set("Vary", "Accept");
    headers.set("X-Ipfs-Path", "/ipfs/" + cid);
    headers.set("X-Ipfs-Roots", cid.toString());
  }

  private static void refuse(HttpExchange exchange, int status, String why) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    send(exchange, status, (why + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, NO_BODY);
      return;
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? NO_BODY : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }
}
