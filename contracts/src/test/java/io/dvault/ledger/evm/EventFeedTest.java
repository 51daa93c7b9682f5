package io.dvault.ledger.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.testing.HostileSocket;
import io.dvault.ledger.testing.HostileSocket.Manner;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a real anvil, and against endpoints that mean harm. */
@Tag("O6")
class EventFeedTest {
  private static AnvilProcess anvil;
  private static VaultFixture vault;

  @BeforeAll
  static void start() {
    anvil = AnvilProcess.start(AnvilProcess.Options.defaults());
    vault = VaultFixture.create(anvil.endpoint(), 1, 1);
  }

  @AfterAll
  static void stop() {
    vault.close();
    anvil.close();
  }

  /** What a listener was told. */
  private static final class Heard implements EventFeed.Listener {
    private final AtomicInteger happened = new AtomicInteger();
    private final AtomicReference<Optional<String>> fault =
        new AtomicReference<>(Optional.of("not yet"));

    @Override
    public void happened() {
      happened.incrementAndGet();
    }

    @Override
    public void changed(String endpoint, Optional<String> now) {
      fault.set(now);
    }
  }

  private static EventFeed open(URI url, LedgerRef ref, VaultId id, Heard heard) {
    return EventFeed.open(List.of(url), ref, id, RandomGenerator.getDefault(), heard);
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        fail("never came: " + what);
      }
      Thread.sleep(20);
    }
  }

  @Test
  void happened_everyEventOfTheVault_andOfNoOtherVaultOrContract() throws Exception {
    Heard ours = new Heard();
    Heard otherVault = new Heard();
    Heard otherContract = new Heard();
    LedgerRef elsewhere =
        new LedgerRef(vault.ref().chainId(), EvmAddress.parse("0x" + "11".repeat(20)));
    URI url = anvil.endpoint().sockets().getFirst();
    try (EventFeed one = open(url, vault.ref(), vault.vault(), ours);
        EventFeed two = open(url, vault.ref(), new VaultId(Bytes32.sha256("other")), otherVault);
        EventFeed three = open(url, elsewhere, vault.vault(), otherContract)) {
      await("all stand", () -> one.standing() + two.standing() + three.standing() == 3);
      await(
          "the first look of each",
          () -> ours.happened.get() == 1 && otherVault.happened.get() == 1);
      vault.commit(Bytes32.sha256("root"));
      await("the commit", () -> ours.happened.get() == 2);
      vault.writer().revoke(vault.vault(), List.of(new RevocationId(Bytes32.sha256("id"))));
      await("the revocation", () -> ours.happened.get() == 3);
      Thread.sleep(300);
      assertEquals(
          List.of(3, 1, 1),
          List.of(ours.happened.get(), otherVault.happened.get(), otherContract.happened.get()));
    }
  }

  @Test
  void connection_cut_isNoticedAndComesBack() throws Exception {
    Heard heard = new Heard();
    try (HostileSocket between = new HostileSocket(anvil.rpc(), vault.ref(), vault.vault());
        EventFeed feed = open(between.url(), vault.ref(), vault.vault(), heard)) {
      await("it stands", () -> feed.standing() == 1);
      between.misbehave(Manner.HANGS_UP);
      between.cut();
      await("it is missed", () -> feed.standing() == 0);
      await("tries", () -> between.connections() >= 3);
      between.misbehave(Manner.HONEST);
      await("it stands again", () -> feed.standing() == 1);
      await("what was missed is looked for", () -> heard.happened.get() == 2);
      vault.commit(Bytes32.sha256("root after the cut"));
      await("the commit", () -> heard.happened.get() == 3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SILENT, does not answer within 10 s",
    "NO_WEBSOCKET, takes no WebSocket (HTTP 404)",
    "HANGS_UP, does not answer",
    "GARBAGE, does not speak JSON-RPC",
    "OTHER_CHAIN, 'serves chain 1, expected 31337'",
    "NO_SUBSCRIPTIONS, refuses eth_chainId: notifications not supported",
    "HUGE_FRAME, sends a message of more than 256 KiB",
    "ENDLESS_FRAGMENTS, sends a message of more than 256 KiB",
    "EMPTY_FRAGMENTS, sends more than 600 messages a minute",
    "PING_FLOOD, sends more than 600 messages a minute",
    "EVENT_FLOOD, sends more than 600 messages a minute"
  })
  @Tag("T1")
  void endpoint_misbehaves_isLeftAloneAtBoundedCost(Manner manner, String why) throws Exception {
    Heard heard = new Heard();
    try (HostileSocket hostile = new HostileSocket(anvil.rpc(), vault.ref(), vault.vault())) {
      hostile.misbehave(manner);
      try (EventFeed feed = open(hostile.url(), vault.ref(), vault.vault(), heard)) {
        await(
            why, () -> heard.fault.get().filter(fault -> fault.startsWith(why)).isPresent());
        assertEquals(0, feed.standing());
        assertTrue(
            heard.happened.get() <= EventSession.MAX_A_MINUTE, "bounded: " + heard.happened.get());
        hostile.misbehave(Manner.HONEST);
        if (manner != Manner.NO_WEBSOCKET) { // asked again in an hour
          await("a better day", () -> feed.standing() == 1);
        }
      }
    }
  }

  @Test
  void endpoint_pushesForeignEvents_happenedIsNotTold() throws Exception {
    Heard heard = new Heard();
    try (HostileSocket hostile = new HostileSocket(anvil.rpc(), vault.ref(), vault.vault())) {
      hostile.misbehave(Manner.FOREIGN_EVENTS);
      try (EventFeed feed = open(hostile.url(), vault.ref(), vault.vault(), heard)) {
        await("both sent", () -> hostile.frames() == 4 && feed.standing() == 1);
        Thread.sleep(300);
        assertEquals(1, heard.happened.get(), "the subscription alone");
      }
    }
  }

  @Test
  void pause_growsToFiveMinutes() {
    assertEquals(
        List.of(1L, 1L, 2L, 4L, 256L, 300L, 300L),
        List.of(0, 1, 2, 3, 9, 10, 1_000_000).stream()
            .map(failures -> EventSocket.pause(failures).toSeconds())
            .toList());
  }
}
