package io.dvault.ledger.evm;

import io.dvault.ledger.LedgerRef;
import io.dvault.model.VaultId;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.random.RandomGenerator;

/**
 * Hears of one vault's events from endpoints that push them ({@code eth_subscribe} over WebSocket). What is heard
 * proves nothing and is not handed on: it only says that a look at the head may be worth its while. An endpoint can
 * stay silent, or say so too often; both change when a look is made, never what comes of it.
 * docs/requirements.md O6.
 */
public final class EventFeed implements AutoCloseable {
  private final ScheduledThreadPoolExecutor thread = thread();
  private final HttpClient http;
  private final List<EventSocket> sockets;

  /** Told on a thread of the feed's own, which must not be held up. */
  public interface Listener {
    /** An event of the vault, or a subscription that stands since now: what came before it was not heard. */
    void happened();

    /** A subscription stands since now, or (with the reason) does not stand any more. */
    void changed(String endpoint, Optional<String> fault);
  }

  private EventFeed(
      List<URI> urls, LedgerRef ref, VaultId vault, RandomGenerator random, Listener listener) {
    this.http = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .executor(thread)
        .build();
    this.sockets = urls.stream()
        .map(url ->
            new EventSocket(url, new EventMessages(ref, vault), http, thread, random, listener))
        .toList();
  }

  /** Returns at once; endpoints are connected to, and reconnected to, in the background until {@link #close}. */
  public static EventFeed open(
      List<URI> urls, LedgerRef ref, VaultId vault, RandomGenerator random, Listener listener) {
    EventFeed feed = new EventFeed(urls, ref, vault, random, listener);
    feed.sockets.forEach(EventSocket::start);
    return feed;
  }

  /** How many endpoints have a subscription that stands. */
  public int standing() {
    return (int) sockets.stream().filter(EventSocket::stands).count();
  }

  @Override
  public void close() {
    http.shutdownNow();
    thread.shutdownNow();
  }

  private static ScheduledThreadPoolExecutor thread() {
    ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(
        1,
        work -> Thread.ofPlatform()
            .daemon()
            .name("dvault-events")
            .stackSize(256 << 10)
            .unstarted(work));
    one.setRemoveOnCancelPolicy(true);
    one.setRejectedExecutionHandler(
        new ThreadPoolExecutor.DiscardPolicy()); // what still comes while it ends
    return one;
  }
}
