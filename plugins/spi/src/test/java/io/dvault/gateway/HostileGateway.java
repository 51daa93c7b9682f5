package io.dvault.gateway;

import io.dvault.cbor.Cid;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/**
 * A gateway on a loopback port that answers with one fault at a time: docs/threat-model.md T14.
 * Blocks come from {@code source}; {@link #misbehave} changes the fault while it runs,
 * {@link #misbehaveAt} limits it to one block.
 */
public final class HostileGateway implements AutoCloseable {
  /** What it does wrong. */
  public enum Fault {
    NONE,
    FLIPPED_BYTE,
    OTHER_BLOCK,
    EMPTY,
    CUT,
    CUT_CHUNK,
    NEVER_ENDS,
    NEVER_ENDS_CHUNKED,
    DRIPPED_BODY,
    DRIPPED_HEADERS,
    DRIPPED_CHUNK_SIZE,
    OVERSIZE,
    OVERSIZE_CHUNKED,
    HUGE_CONTENT_LENGTH,
    LONG_CONTENT_LENGTH,
    SHORT_CONTENT_LENGTH,
    NEGATIVE_CONTENT_LENGTH,
    TWO_FRAMINGS,
    REDIRECT_LOOP,
    REDIRECT_AWAY,
    GZIP_BOMB,
    GARBAGE,
    ENDLESS_HEADERS,
    ENDLESS_INTERIM,
    HANGS_UP,
    SILENT,
    ABSENT,
    SERVER_ERROR,
    EXTRA_ANSWER
  }

  private static final byte[] BOMB = bomb(); // before anybody waits for it
  private final ServerSocket server;
  private final BlockSource source;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Fault fault;
  private volatile Optional<Cid> onlyAt = Optional.empty();
  private volatile long dripMillis = 1000;

  public HostileGateway(BlockSource source, Fault fault) {
    this.source = source;
    this.fault = fault;
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("hostile-gateway").start(this::accept);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  public void misbehave(Fault next) {
    fault = next;
    onlyAt = Optional.empty();
  }

  /** Misbehaves at {@code cid} and serves every other block well. */
  public void misbehaveAt(Cid cid, Fault next) {
    onlyAt = Optional.of(cid);
    fault = next;
  }

  /** Time between two bytes of a drip; 1 s unless told. */
  public HostileGateway dripEvery(long millis) {
    dripMillis = millis;
    return this;
  }

  /** Ends every connection, as a server does with those that were idle too long. */
  public void hangUpIdle() {
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Requests seen so far. */
  public int requests() {
    return requests.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true); // else each answer of two writes takes 40 ms
        open.add(socket);
        Thread.ofVirtual().name("hostile-gateway-connection").start(() -> serve(socket));
      } catch (IOException closed) {
        return; // close() ends accept() this way
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in = new BufferedReader(
          new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String path = line.split(" ")[1];
        while (!in.readLine().isEmpty()) {
          continue;
        }
        requests.incrementAndGet();
        answer(path, socket.getOutputStream());
      }
    } catch (IOException | RuntimeException gone) {
      Thread.currentThread()
          .interrupt(); // the client hung up, which is what most faults are for: this thread ends
    } finally {
      open.remove(socket);
    }
  }

  private void answer(String path, OutputStream out) throws IOException {
    Cid cid = Cid.parse(path.substring("/ipfs/".length()).replaceAll("[?/].*", ""));
    byte[] block;
    try {
      block = source.get(cid).bytes();
    } catch (BlockUnavailableException e) {
      send(out, "404 Not Found", "", "not found".getBytes(StandardCharsets.US_ASCII));
      return;
    }
    misanswer(onlyAt.isEmpty() || onlyAt.get().equals(cid) ? fault : Fault.NONE, path, block, out);
  }

  private void misanswer(Fault what, String path, byte[] block, OutputStream out)
      throws IOException {
    switch (what) {
      case NONE -> send(out, "200 OK", "", block);
      case FLIPPED_BYTE -> send(out, "200 OK", "", flipped(block));
      case OTHER_BLOCK ->
        send(out, "200 OK", "", "something else".getBytes(StandardCharsets.US_ASCII));
      case EMPTY -> send(out, "200 OK", "", new byte[0]);
      case CUT -> {
        head(out, "200 OK", "Content-Length: " + block.length + "\r\n");
        out.write(block, 0, block.length / 2);
        hangUp();
      }
      case CUT_CHUNK -> {
        head(out, "200 OK", "Transfer-Encoding: chunked\r\n");
        text(out, Integer.toHexString(block.length) + "\r\n");
        out.write(block, 0, block.length / 2);
        hangUp();
      }
      case NEVER_ENDS -> {
        head(out, "200 OK", "");
        flood(out);
      }
      case NEVER_ENDS_CHUNKED -> {
        head(out, "200 OK", "Transfer-Encoding: chunked\r\n");
        while (true) { // ends when the client hangs up
          text(out, "400\r\n");
          out.write(new byte[1024]);
          text(out, "\r\n");
        }
      }
      case DRIPPED_BODY -> {
        head(out, "200 OK", "Content-Length: " + block.length + "\r\n");
        drip(out, block);
      }
      case DRIPPED_HEADERS ->
        drip(
            out, ("HTTP/1.1 200 OK\r\nX: " + "x".repeat(8000)).getBytes(StandardCharsets.US_ASCII));
      case DRIPPED_CHUNK_SIZE -> {
        head(out, "200 OK", "Transfer-Encoding: chunked\r\n");
        drip(out, ("1;" + "x".repeat(8000)).getBytes(StandardCharsets.US_ASCII));
      }
      case OVERSIZE -> send(out, "200 OK", "", new byte[2 << 20]);
      case OVERSIZE_CHUNKED -> {
        head(out, "200 OK", "Transfer-Encoding: chunked\r\n");
        text(out, Integer.toHexString(2 << 20) + "\r\n");
        out.write(new byte[2 << 20]);
        text(out, "\r\n0\r\n\r\n");
      }
      case HUGE_CONTENT_LENGTH -> {
        head(out, "200 OK", "Content-Length: 900000000000000000\r\n");
        out.write(block);
      }
      case LONG_CONTENT_LENGTH -> {
        head(out, "200 OK", "Content-Length: " + (block.length + 10) + "\r\n");
        out.write(block);
        pause(60_000);
      }
      case SHORT_CONTENT_LENGTH -> {
        head(out, "200 OK", "Content-Length: " + (block.length - 1) + "\r\n");
        out.write(block);
      }
      case NEGATIVE_CONTENT_LENGTH -> {
        head(out, "200 OK", "Content-Length: -1\r\n");
        out.write(block);
      }
      case TWO_FRAMINGS -> {
        head(out, "200 OK", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n");
        out.write(block);
      }
      case REDIRECT_LOOP -> send(out, "302 Found", "Location: " + path + "\r\n", new byte[0]);
      case REDIRECT_AWAY ->
        send(out, "302 Found", "Location: http://localhost.example:1/x\r\n", new byte[0]);
      case GZIP_BOMB -> send(out, "200 OK", "Content-Encoding: gzip\r\n", BOMB);
      case GARBAGE -> {
        text(out, "SSH-2.0-OpenSSH_9.9\r\n\r\n");
        hangUp();
      }
      case ENDLESS_HEADERS -> {
        text(out, "HTTP/1.1 200 OK\r\n");
        while (true) { // ends when the client hangs up
          text(out, "X-Filler: " + "x".repeat(1000) + "\r\n");
        }
      }
      case ENDLESS_INTERIM -> {
        while (true) { // ends when the client hangs up
          text(out, "HTTP/1.1 103 Early Hints\r\n\r\n");
        }
      }
      case HANGS_UP -> hangUp();
      case SILENT -> pause(60_000);
      case ABSENT -> send(out, "404 Not Found", "", new byte[0]);
      case SERVER_ERROR -> send(out, "500 Internal Server Error", "", new byte[0]);
      case EXTRA_ANSWER -> {
        ByteArrayOutputStream both =
            new ByteArrayOutputStream(); // one write, so that both arrive together
        send(both, "200 OK", "", block);
        send(both, "200 OK", "", "smuggled".getBytes(StandardCharsets.US_ASCII));
        out.write(both.toByteArray());
      }
    }
  }

  private static byte[] flipped(byte[] block) {
    byte[] copy = block.clone();
    copy[copy.length / 2] ^= 1;
    return copy;
  }

  /** 16 MiB in 16 KiB. */
  private static byte[] bomb() {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 16; i++) {
        gzip.write(zeros);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private void drip(OutputStream out, byte[] bytes) throws IOException {
    for (byte each : bytes) {
      out.write(each);
      pause(dripMillis);
    }
  }

  private static void flood(OutputStream out) throws IOException {
    byte[] filler = new byte[4096];
    Arrays.fill(filler, (byte) 'x');
    while (true) { // ends when the client hangs up
      out.write(filler);
    }
  }

  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private static void hangUp() throws IOException {
    throw new IOException("hangs up on purpose");
  }

  private static void send(OutputStream out, String status, String headers, byte[] body)
      throws IOException {
    head(out, status, "Content-Length: " + body.length + "\r\n" + headers);
    out.write(body);
    out.flush();
  }

  private static void head(OutputStream out, String status, String headers) throws IOException {
    text(out, "HTTP/1.1 " + status + "\r\n" + headers + "\r\n");
  }

  private static void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    hangUpIdle();
  }
}
