package io.dvault.gateway.server;

import com.sun.net.httpserver.HttpExchange;
import io.dvault.cbor.Cid;
import io.dvault.dag.CarWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A CAR as the body of an answer. One of few megabytes is held until it is whole and goes out with its length; a longer
 * one goes out in chunks as its blocks come, since its length shows at its end only.
 */
final class CarAnswer {
  private static final long MOST_HELD = 4 << 20;
  private static final int BUFFER = 1 << 16;

  private record Section(Cid cid, byte[] bytes) {}

  private final HttpExchange exchange;
  private final Cid root;
  private final List<Section> held = new ArrayList<>();
  private long length;
  private OutputStream out; // from when on the status is sent
  private CarWriter writer;

  CarAnswer(HttpExchange exchange, Cid root) {
    this.exchange = exchange;
    this.root = root;
    this.length = CarWriter.headerLength(List.of(root));
  }

  void add(Cid cid, byte[] bytes) throws IOException {
    if (out != null) {
      writer.write(cid, bytes);
      return;
    }
    held.add(new Section(cid, bytes));
    length += CarWriter.sectionLength(bytes.length);
    if (length > MOST_HELD) {
      send(0);
    }
  }

  /** All that was added, whole. */
  void end() throws IOException {
    if (out == null) {
      send(length);
    }
    out.flush();
    exchange.getResponseBody().close();
  }

  /** What was added so far and no last chunk: the reader sees a cut answer, never a short one that looks whole. */
  void cut() throws IOException {
    if (out == null) {
      send(0);
    }
    out.flush();
  }

  private void send(long announced) throws IOException {
    exchange.sendResponseHeaders(200, announced); // 0: in chunks
    out = new BufferedOutputStream(exchange.getResponseBody(), BUFFER);
    writer = new CarWriter(out, List.of(root));
    for (Section section : held) {
      writer.write(section.cid(), section.bytes());
    }
    held.clear();
  }
}
