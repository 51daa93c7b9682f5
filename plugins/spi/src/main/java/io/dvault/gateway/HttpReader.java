package io.dvault.gateway;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads one HTTP/1.1 answer with a bound on everything: lines, headers, chunks and body. Nothing is allocated because
 * a header says so, and content codings are refused, so that nothing unpacks to more than was sent. RFC 9112.
 */
final class HttpReader {
  private static final int MAX_HEAD = 16 * 1024;
  private static final int MAX_LINE = 8 * 1024;
  private static final int MAX_INTERIM = 4;
  private static final int MAX_DRAINED = 16 * 1024;
  private static final int FIRST_BUFFER = 8 * 1024;
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
  private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9a-fA-F]{1,8}");
  private final InputStream in;
  private final int maxBody;
  private final byte[] line = new byte[MAX_LINE];
  private int headLeft = MAX_HEAD;
  private byte[] body = new byte[0];
  private int length;

  HttpReader(InputStream in, int maxBody) {
    this.in = in;
    this.maxBody = maxBody;
  }

  /** Thrown when the connection ended before the first byte of the answer: a kept one may have grown stale. */
  static final class NothingCame extends EOFException {
    private static final long serialVersionUID = 1L;

    NothingCame() {
      super("closed the connection without an answer");
    }
  }

  HttpAnswer read() throws IOException {
    for (int i = 0; i < MAX_INTERIM; i++) {
      int status = status(readLine(i == 0));
      Map<String, String> headers = headers();
      if (status >= 200) {
        return finish(status, headers);
      }
    }
    throw new GatewayFault("sent interim answers only");
  }

  private HttpAnswer finish(int status, Map<String, String> headers) throws IOException {
    String coding = headers.getOrDefault("content-encoding", "identity");
    if (status == 200 && !coding.equals("identity")) {
      throw new GatewayFault("sent content-encoding " + printable(coding) + ", which nobody asked for");
    }
    boolean bare = status == 204 || status == 304;
    boolean reusable = !headers.getOrDefault("connection", "").equalsIgnoreCase("close");
    if (status != 200) {
      return new HttpAnswer(status, headers, new byte[0], reusable && (bare || drained(headers)));
    }
    if (headers.containsKey("transfer-encoding")) {
      readChunks(headers);
    } else if (headers.containsKey("content-length")) {
      readFixed(contentLength(headers));
    } else {
      reusable = false;
      while (fill(maxBody + 1 - length, maxBody + 1) >= 0) { // ends: fill stops at maxBody
        continue;
      }
    }
    return new HttpAnswer(status, headers, length == body.length ? body : Arrays.copyOf(body, length), reusable);
  }

  private static int status(String text) throws GatewayFault {
    if (!STATUS_LINE.matcher(text).matches()) {
      throw new GatewayFault("does not speak HTTP/1.1");
    }
    return Integer.parseInt(text.substring(9, 12));
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String text = readLine(false); !text.isEmpty(); text = readLine(false)) {
      int colon = text.indexOf(':');
      if (colon < 1) {
        throw new GatewayFault("sent a malformed header");
      }
      headers.putIfAbsent(text.substring(0, colon).toLowerCase(Locale.ROOT), text.substring(colon + 1).strip());
    }
    return headers;
  }

  private void readFixed(long announced) throws IOException {
    if (announced > maxBody) {
      throw tooLong();
    }
    while (length < announced) {
      if (fill((int) announced - length, (int) announced) < 0) {
        throw new GatewayFault("ended after " + length + " of " + announced + " bytes");
      }
    }
  }

  private void readChunks(Map<String, String> headers) throws IOException {
    if (!headers.get("transfer-encoding").equalsIgnoreCase("chunked") || headers.containsKey("content-length")) {
      throw new GatewayFault("framed its answer in two ways"); // RFC 9112 6.3: smells of request smuggling
    }
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      int end = length + size;
      while (length < end) {
        if (fill(end - length, maxBody + 1) < 0) {
          throw new GatewayFault("ended in the middle of a chunk");
        }
      }
      if (!readLine(false).isEmpty()) {
        throw new GatewayFault("sent a malformed chunk");
      }
    }
    headers(); // trailers: read past, not used
  }

  private int chunkSize() throws IOException {
    headLeft = Math.max(headLeft, 256);
    String text = readLine(false);
    int end = text.indexOf(';') < 0 ? text.length() : text.indexOf(';');
    String digits = text.substring(0, end).strip();
    if (!CHUNK_SIZE.matcher(digits).matches()) {
      throw new GatewayFault("sent a malformed chunk size");
    }
    long size = Long.parseLong(digits, 16);
    if (size > maxBody - length) {
      throw tooLong();
    }
    return (int) size;
  }

  /**
   * Reads up to {@code most} bytes into the body, which takes up a few times what has come, and no more than
   * {@code whole}; -1 at the end of the connection.
   */
  private int fill(int most, int whole) throws IOException {
    if (length == body.length) {
      body = Arrays.copyOf(body, (int) Math.min(Math.max(FIRST_BUFFER, body.length * 4L), whole));
    }
    int count = in.read(body, length, Math.min(most, body.length - length));
    length += Math.max(count, 0);
    if (length > maxBody) {
      throw tooLong();
    }
    return count;
  }

  private boolean drained(Map<String, String> headers) throws IOException {
    if (headers.containsKey("transfer-encoding") || !headers.containsKey("content-length")) {
      return false;
    }
    long announced = contentLength(headers);
    return announced <= MAX_DRAINED && in.readNBytes((int) announced).length == announced;
  }

  private static long contentLength(Map<String, String> headers) throws GatewayFault {
    String text = headers.get("content-length");
    if (!LENGTH.matcher(text).matches()) {
      throw new GatewayFault("sent a malformed content-length");
    }
    return Long.parseLong(text);
  }

  private GatewayFault tooLong() {
    return new GatewayFault("sent more than " + maxBody + " bytes");
  }

  private String readLine(boolean first) throws IOException {
    int count = 0;
    while (true) { // ends: bounded by headLeft and by the line's own length
      int next = in.read();
      if (next < 0) {
        throw first && count == 0 ? new NothingCame() : new GatewayFault("ended in the middle of its headers");
      }
      if (--headLeft < 0 || count == line.length) {
        throw new GatewayFault("sent more than " + MAX_HEAD + " bytes of headers");
      }
      if (next == '\n') {
        int end = count > 0 && line[count - 1] == '\r' ? count - 1 : count;
        return new String(line, 0, end, StandardCharsets.ISO_8859_1);
      }
      line[count++] = (byte) next;
    }
  }

  /** What a gateway sends ends up before a person: no control characters, not long. */
  static String printable(String text) {
    String safe = text.replaceAll("[^\\x20-\\x7e]", "?");
    return '"' + (safe.length() > 60 ? safe.substring(0, 60) + "…" : safe) + '"';
  }
}
