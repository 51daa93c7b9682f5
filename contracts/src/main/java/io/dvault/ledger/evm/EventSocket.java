package io.dvault.ledger.evm;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** One endpoint's subscription: connected, lost, connected again for as long as the feed is open. */
final class EventSocket {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final Duration NOT_OFFERED_PAUSE = Duration.ofHours(1);
  /** A session that stood for so long was a good one: the next pause is the first again. */
  private static final Duration GOOD = Duration.ofMinutes(1);

  private final URI url;
  private final EventMessages messages;
  private final HttpClient http;
  private final ScheduledExecutorService thread;
  private final RandomGenerator random;
  private final EventFeed.Listener listener;
  private volatile boolean stands;
  private int failures;

  EventSocket(
      URI url,
      EventMessages messages,
      HttpClient http,
      ScheduledExecutorService thread,
      RandomGenerator random,
      EventFeed.Listener listener) {
    this.url = url;
    this.messages = messages;
    this.http = http;
    this.thread = thread;
    this.random = random;
    this.listener = listener;
  }

  boolean stands() {
    return stands;
  }

  void start() {
    thread.execute(this::connect);
  }

  private void connect() {
    EventSession session = new EventSession(messages, thread, new EventSession.Owner() {
      @Override
      public void subscribed() {
        stands = true;
        listener.changed(name(), Optional.empty());
        listener.happened();
      }

      @Override
      public void happened() {
        listener.happened();
      }

      @Override
      public void ended(String why, Duration stood) {
        lost(why, stood, false);
      }
    });
    WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(CONNECT);
    if (url.getUserInfo() != null) {
      byte[] credentials = url.getUserInfo().getBytes(StandardCharsets.UTF_8);
      builder.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    }
    CompletableFuture<WebSocket> _ = builder
        .buildAsync(url, session)
        .whenCompleteAsync(
            (socket, fault) -> {
              if (fault != null) {
                refused(fault instanceof CompletionException ? fault.getCause() : fault);
              }
            },
            thread);
  }

  private void refused(Throwable fault) {
    if (fault instanceof WebSocketHandshakeException handshake && handshake.getResponse() != null) {
      int status = handshake.getResponse().statusCode();
      lost(
          "takes no WebSocket (HTTP " + status + ")", Duration.ZERO, status < 500 && status != 429);
    } else {
      lost(
          switch (fault) {
            case ConnectException e -> "does not answer: no connection";
            case HttpTimeoutException e -> "does not answer within " + CONNECT.toSeconds() + " s";
            default -> "does not answer: " + Rpc.printable(String.valueOf(fault.getMessage()));
          },
          Duration.ZERO,
          false);
    }
  }

  private void lost(String why, Duration stood, boolean notOffered) {
    stands = false;
    failures = stood.compareTo(GOOD) >= 0 ? 0 : failures + 1;
    listener.changed(name(), Optional.of(why));
    Duration pause = notOffered ? NOT_OFFERED_PAUSE : pause(failures);
    double jitter =
        0.5 + random.nextDouble(); // a fleet that lost its endpoint does not come back at once
    Future<?> _ =
        thread.schedule(this::connect, (long) (pause.toMillis() * jitter), TimeUnit.MILLISECONDS);
  }

  /** Doubles with each failure in a row. */
  static Duration pause(int failures) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.clamp(failures - 1L, 0, 20));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private String name() {
    return EndpointSettings.redacted(url);
  }
}
