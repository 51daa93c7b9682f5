package io.dvault.ledger.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.ledger.Commit;
import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerWriter.CommitResult;
import io.dvault.ledger.testing.GethNetwork;
import io.dvault.ledger.testing.LedgerConformance;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.Bytes32;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The conformance kit on a network of three real nodes, then a reorg, then the death of one node. */
@Tag("peer:geth")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GethLedgerTest implements LedgerConformance {
  @TempDir
  static Path folder;

  private static GethNetwork network;

  @BeforeAll
  static void start() throws IOException {
    network = GethNetwork.start(3, folder);
  }

  @AfterAll
  static void stop() {
    if (network != null) {
      network.close();
    }
  }

  /** Writes go to the first node, reads to it too: the others follow within the same consensus step. */
  @Override
  public EndpointSettings endpoint() {
    return EndpointSettings.of(network.rpc().getFirst());
  }

  private EvmLedger quorum(VaultFixture fixture, int k) {
    return EvmLedger.open(new EndpointSettings(network.rpc(), k), fixture.ref());
  }

  @Test
  @Order(Integer.MAX_VALUE - 2)
  @Tag("T4")
  @Tag("T6")
  void reorg_otherRootUnderTheSameEpoch_isSeenAndNotFinalizedBefore() throws IOException {
    try (VaultFixture fixture = VaultFixture.create(endpoint(), 1, 1);
        EvmLedger all = quorum(fixture, 2);
        EvmLedgerWriter elsewhere = EvmLedgerWriter.open(
            EndpointSettings.of(network.rpc().get(2)), fixture.ref(), fixture.gas())) {
      Commit kept = fixture.next(Bytes32.sha256("kept"));
      network.splitOff(2);
      CommitResult.Done dropped = fixture.commit(Bytes32.sha256("dropped"));
      assertEquals(
          Bytes32.sha256("dropped"), all.findHead(fixture.vault()).orElseThrow().root());
      assertTrue(
          all.finalizedBlock().number() < dropped.event().origin().block().number());

      Thread commit =
          Thread.ofVirtual().start(() -> elsewhere.commit(kept, fixture.approvals(kept)));
      while (commit.isAlive()) {
        network.mineOnSplit(2, 1);
      }
      network.mineOnSplit(2, 2);
      network.followSplit(2);

      Head head = fixture.head();
      assertEquals(1, head.epoch());
      assertEquals(kept.root(), head.root());
      assertEquals(
          kept,
          fixture
              .ledger()
              .findCommit(fixture.vault(), head.committedAt())
              .orElseThrow()
              .commit());
      assertEquals(kept.root(), all.findHead(fixture.vault()).orElseThrow().root());
      assertTrue(all.disagreements().isEmpty(), all.disagreements().toString());
      assertNotEquals(dropped.event().origin().block().hash(), head.readAt().hash());
    }
  }

  @Test
  @Order(Integer.MAX_VALUE - 1)
  @Tag("G4")
  void oneOfThreeKilled_twoStillReadAndWrite() {
    try (VaultFixture fixture = VaultFixture.create(endpoint(), 1, 1);
        EvmLedger two = quorum(fixture, 2);
        EvmLedgerWriter writer = EvmLedgerWriter.open(
            new EndpointSettings(network.rpc(), 1), fixture.ref(), fixture.gas())) {
      Commit next = fixture.next(Bytes32.sha256("root"));
      network.kill(0);

      assertInstanceOf(
          CommitResult.Done.class,
          writer.commit(next, fixture.approvals(next)),
          network.lastFailure());
      Head head = two.findHead(fixture.vault()).orElseThrow();

      assertEquals(next.root(), head.root());
      assertEquals(1, two.disagreements().size());
      assertEquals(
          List.of(next),
          two.history(head, 10).stream().map(event -> event.commit()).toList());
    }
  }
}
