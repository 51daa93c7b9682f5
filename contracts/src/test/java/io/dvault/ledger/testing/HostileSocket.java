package io.dvault.ledger.testing;

import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands before a real WebSocket endpoint (RFC 6455): passes everything on, cuts, or misbehaves by itself. */
public final class HostileSocket implements AutoCloseable {
  /** What it does with a connection. */
  public enum Manner {
    HONEST,
    SILENT,
    NO_WEBSOCKET,
    HANGS_UP,
    GARBAGE,
    OTHER_CHAIN,
    NO_SUBSCRIPTIONS,
    HUGE_FRAME,
    ENDLESS_FRAGMENTS,
    EMPTY_FRAGMENTS,
    PING_FLOOD,
    EVENT_FLOOD,
    FOREIGN_EVENTS
  }

  private static final int TEXT = 0x81;
  private static final int TEXT_BEGINS = 0x01;
  private static final int GOES_ON = 0x00;
  private static final int PING = 0x89;
  private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key: *(\\S+)");

  private final URI target;
  private final LedgerRef ref;
  private final VaultId vault;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong frames = new AtomicLong();
  private volatile Manner manner = Manner.HONEST;

  public HostileSocket(URI target, LedgerRef ref, VaultId vault) {
    this.target = target;
    this.ref = ref;
    this.vault = vault;
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("hostile-socket").start(this::accept);
  }

  public URI url() {
    return URI.create("ws://127.0.0.1:" + server.getLocalPort());
  }

  public void misbehave(Manner next) {
    manner = next;
  }

  /** Cuts every connection there is. */
  public void cut() throws IOException {
    for (Socket each : open) {
      each.close();
    }
  }

  public int connections() {
    return connections.get();
  }

  /** Frames of its own that it got rid of. */
  public long frames() {
    return frames.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        connections.incrementAndGet();
        open.add(client);
        Thread.ofPlatform().daemon().start(() -> serve(client, manner));
      }
    } catch (IOException e) {
      open.clear(); // closed
    }
  }

  private void serve(Socket client, Manner how) {
    try (client) {
      switch (how) {
        case HONEST -> tunnel(client);
        case SILENT -> client.getInputStream().transferTo(OutputStream.nullOutputStream());
        case HANGS_UP -> {}
        case NO_WEBSOCKET -> refuse(client);
        default -> speak(client, how);
      }
    } catch (IOException e) {
      open.remove(client);
    } finally {
      open.remove(client);
    }
  }

  private void tunnel(Socket client) throws IOException {
    try (Socket real = new Socket(target.getHost(), target.getPort())) {
      open.add(real);
      Thread.ofPlatform().daemon().start(() -> {
        try (client;
            real) {
          real.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
          open.remove(real);
        }
      });
      client.getInputStream().transferTo(real.getOutputStream());
    }
  }

  private static void refuse(Socket client) throws IOException {
    request(client.getInputStream());
    client
        .getOutputStream()
        .write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII));
  }

  private void speak(Socket client, Manner how) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accepted(request(client.getInputStream())) + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
    switch (how) {
      case GARBAGE -> send(out, TEXT, "]]} not JSON {[[".getBytes(StandardCharsets.UTF_8));
      case OTHER_CHAIN ->
        send(
            out,
            TEXT,
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}".getBytes(StandardCharsets.UTF_8));
      case NO_SUBSCRIPTIONS ->
        send(
            out,
            TEXT,
            ("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,"
                    + "\"message\":\"notifications not supported\"}}")
                .getBytes(StandardCharsets.UTF_8));
      case HUGE_FRAME -> hugeFrame(out);
      case ENDLESS_FRAGMENTS ->
        endless(out, TEXT_BEGINS, GOES_ON, "x".repeat(1000).getBytes(StandardCharsets.UTF_8));
      case EMPTY_FRAGMENTS -> endless(out, TEXT_BEGINS, GOES_ON, new byte[0]);
      case PING_FLOOD -> endless(out, PING, PING, new byte[0]);
      case EVENT_FLOOD -> {
        subscribe(out);
        endless(out, TEXT, TEXT, event(ref.contract().toString(), vault.bytes()));
      }
      case FOREIGN_EVENTS -> {
        subscribe(out);
        send(out, TEXT, event(ref.contract().toString(), Bytes32.sha256("another vault")));
        send(out, TEXT, event("0x" + "11".repeat(20), vault.bytes()));
      }
      default -> throw new IllegalStateException(how.name());
    }
    client.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  private void subscribe(OutputStream out) throws IOException {
    send(
        out,
        TEXT,
        ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x" + Long.toHexString(ref.chainId()) + "\"}")
            .getBytes(StandardCharsets.UTF_8));
    send(
        out,
        TEXT,
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"0xabc\"}".getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] event(String contract, Bytes32 vault) {
    return ("{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"0xabc\",\"result\":{"
            + "\"address\":\"" + contract + "\",\"topics\":[\"0x" + "22".repeat(32) + "\",\"0x"
            + HexFormat.of().formatHex(vault.toArray()) + "\"],\"data\":\"0x\"}}}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private void endless(OutputStream out, int first, int next, byte[] payload) throws IOException {
    send(out, first, payload);
    while (true) {
      send(out, next, payload);
    }
  }

  private void send(OutputStream out, int kind, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(kind);
    if (payload.length < 126) {
      frame.write(payload.length);
    } else {
      frame.write(126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    frame.write(payload);
    out.write(frame.toByteArray());
    frames.incrementAndGet();
  }

  /** One frame that says it has 2^62 bytes, and goes on for as long as somebody reads. */
  private void hugeFrame(OutputStream out) throws IOException {
    out.write(new byte[] {(byte) TEXT, 127, 0x40, 0, 0, 0, 0, 0, 0, 0});
    byte[] part = "x".repeat(16 << 10).getBytes(StandardCharsets.UTF_8);
    while (true) {
      out.write(part);
      frames.incrementAndGet();
    }
  }

  private static String request(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.length() < 16 << 10 && text.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      text.append((char) next);
    }
    return text.toString();
  }

  private static String accepted(String request) throws IOException {
    Matcher key = KEY.matcher(request);
    if (!key.find()) {
      throw new IOException("no WebSocket handshake: " + request);
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1")
          .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
              .getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
