package io.dvault.agent;

import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.evm.EventFeed;
import io.dvault.log.StructuredLog;
import io.dvault.model.VaultId;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Listens for the vault's events while the daemon runs, and tells the log which endpoints offer them. */
final class EventWatch implements AutoCloseable {
  private final Optional<EventFeed> feed;
  private final int enough;

  /**
   * @param from where to listen
   * @param asked whether agent.yaml names these: then one that does not stand is an alarm
   * @param enough how many must stand for the longer interval: as many as must agree on the head
   */
  record Settings(List<URI> from, boolean asked, int enough, LedgerRef ref, VaultId vault) {
    Settings {
      from = List.copyOf(from);
    }
  }

  /**
   * @param heard called when a look is worth its while; must not block
   * @param changed called when {@link #isListening} may have changed; must not block
   */
  EventWatch(
      Settings settings,
      RandomGenerator random,
      StructuredLog log,
      Runnable heard,
      Runnable changed) {
    this.enough = Math.min(settings.enough(), settings.from().size());
    this.feed = settings.from().isEmpty()
        ? Optional.empty()
        : Optional.of(EventFeed.open(
            settings.from(),
            settings.ref(),
            settings.vault(),
            random,
            new Teller(settings.asked(), log, heard, changed)));
  }

  /** Whether so many listen that the silence of a liar among them cannot hide a commit. */
  boolean isListening() {
    return feed.filter(open -> open.standing() >= enough).isPresent();
  }

  @Override
  public void close() {
    feed.ifPresent(EventFeed::close);
  }

  private static final class Teller implements EventFeed.Listener {
    private static final String STANDS = "subscribed";

    private final boolean asked;
    private final StructuredLog log;
    private final Runnable heard;
    private final Runnable changed;
    private final Map<String, String> told = new HashMap<>();

    Teller(boolean asked, StructuredLog log, Runnable heard, Runnable changed) {
      this.asked = asked;
      this.log = log;
      this.heard = heard;
      this.changed = changed;
    }

    @Override
    public void happened() {
      heard.run();
    }

    @Override
    public void changed(String endpoint, Optional<String> fault) {
      changed.run();
      String now = fault.orElse(STANDS);
      if (now.equals(told.put(endpoint, now))) {
        return;
      }
      if (asked && fault.isPresent()) {
        log.alarm("DV564", endpoint, now + "; it is tried again, and the head is polled meanwhile");
      } else {
        log.info("events", "endpoint", endpoint, "state", now);
        log.settled("DV564", endpoint);
      }
    }
  }
}
