package io.dvault.ledger.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.LedgerWriter.CommitResult;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.Bytes32;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CommitRaceTest {
  private static final int ROUNDS = 50;

  private static CommitResult race(
      CyclicBarrier start, EvmLedgerWriter writer, VaultFixture fixture, Commit commit)
      throws Exception {
    start.await();
    return writer.commit(commit, fixture.approvals(commit));
  }

  @Test
  @Tag("T12")
  @Tag("S4")
  void commit_twoWritersAtOnce_exactlyOneWinsEachOfFiftyRounds() throws Exception {
    try (VaultFixture fixture = VaultFixture.start(1, 1);
        EvmSigner otherGas = EvmKeys.devnet(1, EvmKeys.DEVNET_CHAIN_ID, fixture.endpoint());
        EvmLedgerWriter other = EvmLedgerWriter.open(fixture.endpoint(), fixture.ref(), otherGas);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int round = 1; round <= ROUNDS; round++) {
        Commit mine = fixture.next(Bytes32.sha256("mine " + round));
        Commit theirs = fixture.next(Bytes32.sha256("theirs " + round));
        CyclicBarrier start = new CyclicBarrier(2);
        Callable<CommitResult> first = () -> race(start, fixture.writer(), fixture, mine);
        Callable<CommitResult> second = () -> race(start, other, fixture, theirs);
        List<Future<CommitResult>> results = threads.invokeAll(List.of(first, second));

        CommitResult a = results.get(0).get();
        CommitResult b = results.get(1).get();
        Commit winner = a instanceof CommitResult.Done ? mine : theirs;
        CommitResult.Stale loser =
            assertInstanceOf(CommitResult.Stale.class, winner.equals(mine) ? b : a);
        assertInstanceOf(CommitResult.Done.class, winner.equals(mine) ? a : b);
        assertEquals(winner.root(), loser.head().root());
        assertEquals(round, fixture.head().epoch());
      }
      assertEquals(ROUNDS, fixture.ledger().history(fixture.head(), 1000).size());
    }
  }
}
