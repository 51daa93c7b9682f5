package io.dvault.gateway;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** One TCP or TLS connection to one gateway; used by one thread at a time. */
final class GatewayConnection implements AutoCloseable {
  private static final int MAX_ADDRESSES = 4;
  private final PacedSocket raw;
  private final InputStream in;
  private final OutputStream out;
  private long idleSince;

  private GatewayConnection(PacedSocket raw, InputStream in, OutputStream out) {
    this.raw = raw;
    this.in = new BufferedInputStream(in, 8192);
    this.out = out;
  }

  static GatewayConnection open(URI gateway, GatewayLimits limits, LongSupplier nanos) throws IOException {
    Pace pace = Pace.ofConnect(limits, nanos);
    PacedSocket raw = connect(gateway, pace);
    try {
      raw.setTcpNoDelay(true);
      return gateway.getScheme().equals("https")
          ? overTls(gateway, raw)
          : new GatewayConnection(raw, raw.getInputStream(), raw.getOutputStream());
    } catch (IOException e) {
      closeQuietly(raw, e);
      throw e;
    }
  }

  private static PacedSocket connect(URI gateway, Pace pace) throws IOException {
    InetAddress[] addresses = addresses(gateway.getHost());
    IOException last = new IOException("host has no address");
    for (int i = 0; i < Math.min(addresses.length, MAX_ADDRESSES); i++) {
      PacedSocket socket = new PacedSocket(pace);
      try {
        socket.connect(new InetSocketAddress(addresses[i], portOf(gateway)), pace.millisLeft());
        return socket;
      } catch (IOException e) {
        closeQuietly(socket, e);
        last = e;
      }
    }
    throw last;
  }

  private static InetAddress[] addresses(String host) throws IOException {
    return host.endsWith(".localhost") // RFC 6761 6.3; resolvers differ, and a Kubo at localhost redirects there
        ? new InetAddress[] {InetAddress.getLoopbackAddress()}
        : InetAddress.getAllByName(bareHost(host));
  }

  private static GatewayConnection overTls(URI gateway, PacedSocket raw) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket tls = (SSLSocket) factory.createSocket(raw, bareHost(gateway.getHost()), portOf(gateway), true);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return new GatewayConnection(raw, tls.getInputStream(), tls.getOutputStream());
  }

  static int portOf(URI gateway) {
    return gateway.getPort() >= 0 ? gateway.getPort() : gateway.getScheme().equals("https") ? 443 : 80;
  }

  private static String bareHost(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** Sends one GET and reads what comes back under {@code pace}. After an exception the connection is of no use. */
  HttpAnswer get(URI target, String type, Pace pace, int maxBody) throws IOException {
    raw.obey(pace);
    String host = target.getPort() < 0 ? target.getHost() : target.getHost() + ":" + target.getPort();
    String path = target.getRawQuery() == null ? target.getRawPath() : target.getRawPath() + "?" + target.getRawQuery();
    String request = "GET " + path + " HTTP/1.1\r\n"
        + "Host: " + host + "\r\n"
        + "Accept: " + type + "\r\n"
        + "Accept-Encoding: identity\r\n"
        + "User-Agent: dvault\r\n\r\n";
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return new HttpReader(in, maxBody).read();
  }

  /** Nothing has come that nobody asked for: what a lying Content-Length leaves behind must not answer the next GET. */
  boolean isClean() throws IOException {
    return in.available() == 0;
  }

  void rest(long nanos) {
    idleSince = nanos;
  }

  long idleSince() {
    return idleSince;
  }

  @Override
  public void close() throws IOException {
    raw.close(); // not through TLS: its goodbye could block
  }

  private static void closeQuietly(PacedSocket socket, IOException cause) {
    try {
      socket.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
