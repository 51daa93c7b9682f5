package io.dvault.ledger.evm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code HttpURLConnection}: no thread pool and no selector of its own, which is what an idle agent wants. */
final class UrlConnectionTransport implements Transport {
  static final int MAX_ANSWER = 16 << 20;
  private static final int CHUNK = 16 << 10;

  // A read timeout restarts with every byte, so a server that trickles would hold us for ever; this one thread ends it.
  private static final ScheduledThreadPoolExecutor WATCH = watch();

  private static ScheduledThreadPoolExecutor watch() {
    ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, work ->
        Thread.ofPlatform().daemon().name("dvault-rpc-deadline").stackSize(128 << 10).unstarted(work));
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(5, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  @Override
  public Answer post(URI url, byte[] json, Duration timeout) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
    AtomicBoolean late = new AtomicBoolean();
    ScheduledFuture<?> deadline = WATCH.schedule(() -> {
      late.set(true);
      connection.disconnect();
    }, timeout.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return exchange(connection, url, json, timeout);
    } catch (IOException | RuntimeException e) {
      // disconnect() surfaces as almost any exception in the thread that reads.
      if (late.get()) {
        throw new SocketTimeoutException("no complete answer within " + timeout.toMillis() + " ms");
      }
      throw e;
    } finally {
      deadline.cancel(false);
    }
  }

  private static Answer exchange(HttpURLConnection connection, URI url, byte[] json, Duration timeout)
      throws IOException {
    int millis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
    connection.setConnectTimeout(millis);
    connection.setReadTimeout(millis);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(json.length);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("Accept", "application/json");
    if (url.getUserInfo() != null) {
      byte[] credentials = url.getUserInfo().getBytes(StandardCharsets.UTF_8);
      connection.setRequestProperty("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    }
    try (OutputStream out = connection.getOutputStream()) {
      out.write(json);
    }
    int status = connection.getResponseCode();
    String type = Optional.ofNullable(connection.getContentType()).orElse("");
    long retryAfter = Math.max(0, connection.getHeaderFieldLong("Retry-After", 0));
    InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    if (body == null) {
      return new Answer(status, type, retryAfter, new byte[0]);
    }
    try (body) {
      return new Answer(status, type, retryAfter, readCapped(body, connection));
    }
  }

  private static byte[] readCapped(InputStream body, HttpURLConnection connection) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
      if (all.size() + count > MAX_ANSWER) {
        // Closing would try to read the rest for the sake of keep-alive.
        connection.disconnect();
        throw new IOException("the answer is larger than " + (MAX_ANSWER >> 20) + " MiB");
      }
      all.write(chunk, 0, count);
    }
    return all.toByteArray();
  }
}
