package io.dvault.ledger.evm;

import io.dvault.ledger.evm.EventMessages.Said;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One connection from its opening to its end. The endpoint may be hostile: what it sends is taken at our pace, and
 * sizes and counts are bounded. Everything happens on the feed's one thread.
 */
final class EventSession implements WebSocket.Listener {
  static final int MAX_MESSAGE =
      256 << 10; // characters; an event of a commit with 32 approvals has some 20 Ki
  static final int MAX_A_MINUTE = 600; // messages, fragments, pings
  private static final long PACE_MILLIS = 10; // between two of them
  /** May come ahead of the pace. The JDK's client misses the end of a connection that nothing more was asked of. */
  private static final int AHEAD = 16;

  private static final Duration SUBSCRIBED_WITHIN = Duration.ofSeconds(10);
  private static final Duration BEAT = Duration.ofSeconds(30);

  private final EventMessages messages;
  private final ScheduledExecutorService thread;
  private final Owner owner;
  private final StringBuilder text = new StringBuilder();
  private Optional<WebSocket> socket = Optional.empty();
  private Optional<ScheduledFuture<?>> beat = Optional.empty();
  private Optional<String> subscription = Optional.empty();
  private long since;
  private long minuteStarted;
  private int thisMinute;
  private boolean heard;
  private boolean over;

  /** Told on the feed's thread. */
  interface Owner {
    void subscribed();

    void happened();

    /**
     * Once, and nothing after it.
     *
     * @param stood for how long there was a subscription
     */
    void ended(String why, Duration stood);
  }

  EventSession(EventMessages messages, ScheduledExecutorService thread, Owner owner) {
    this.messages = messages;
    this.thread = thread;
    this.owner = owner;
  }

  @Override
  public void onOpen(WebSocket opened) {
    thread.execute(() -> {
      socket = Optional.of(opened);
      minuteStarted = System.nanoTime();
      send(opened, messages.askChain());
      beat = Optional.of(thread.scheduleAtFixedRate(
          this::beat, SUBSCRIBED_WITHIN.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS));
      opened.request(AHEAD);
    });
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    String copy = part.toString();
    thread.execute(() -> received(() -> take(copy, last)));
    return null; // the interface's word for "done with it"
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
    thread.execute(() -> end("sends binary messages, expected JSON-RPC"));
    return null;
  }

  @Override
  public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    thread.execute(() -> received(() -> {}));
    return null; // the client has answered it
  }

  @Override
  public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
    thread.execute(() -> received(() -> {}));
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    thread.execute(() -> end("closed the connection (" + status + ")"));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable fault) {
    thread.execute(() -> end("broke off: " + Rpc.printable(String.valueOf(fault.getMessage()))));
  }

  /** Counts, works, and asks for the next one a little later: what comes faster waits in the endpoint's own buffers. */
  private void received(Runnable work) {
    if (over) {
      return;
    }
    heard = true;
    if (System.nanoTime() - minuteStarted > TimeUnit.MINUTES.toNanos(1)) {
      minuteStarted = System.nanoTime();
      thisMinute = 0;
    }
    if (++thisMinute > MAX_A_MINUTE) {
      end("sends more than " + MAX_A_MINUTE + " messages a minute");
      return;
    }
    work.run();
    Future<?> _ = thread.schedule(
        () -> {
          if (!over) {
            socket.ifPresent(open -> open.request(1));
          }
        },
        PACE_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  private void take(String part, boolean last) {
    if (text.length() + part.length() > MAX_MESSAGE) {
      end("sends a message of more than " + (MAX_MESSAGE >> 10) + " KiB");
      return;
    }
    text.append(part);
    if (last) {
      String message = text.toString();
      text.setLength(0);
      text.trimToSize();
      said(messages.read(message));
    }
  }

  private void said(Said said) {
    switch (said) {
      case Said.RightChain chain -> socket.ifPresent(open -> send(open, messages.askEvents()));
      case Said.Subscribed(String id) -> {
        if (subscription.isEmpty()) {
          subscription = Optional.of(id);
          since = System.nanoTime();
          owner.subscribed();
        }
      }
      case Said.Happened(String id) -> {
        if (subscription.filter(id::equals).isPresent()) {
          owner.happened();
        }
      }
      case Said.Foreign foreign -> {}
      case Said.Unusable(String why) -> end(why);
    }
  }

  /** A connection that died without a word is noticed here, within two beats. */
  private void beat() {
    if (subscription.isEmpty()) {
      end("did not subscribe us within " + SUBSCRIBED_WITHIN.toSeconds() + " s");
    } else if (!heard) {
      end("fell silent");
    } else {
      heard = false;
      socket.ifPresent(open -> {
        CompletableFuture<WebSocket> _ = open.sendPing(ByteBuffer.allocate(0)); // see onError
      });
    }
  }

  /** Does not wait; {@link #onError} handles a failure. */
  private static void send(WebSocket open, String text) {
    CompletableFuture<WebSocket> _ = open.sendText(text, true);
  }

  private void end(String why) {
    if (!over) {
      over = true;
      beat.ifPresent(each -> each.cancel(false));
      socket.ifPresent(WebSocket::abort);
      owner.ended(
          why,
          subscription.isEmpty() ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since));
    }
  }
}
