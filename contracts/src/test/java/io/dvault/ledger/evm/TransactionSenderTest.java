package io.dvault.ledger.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.json.Json;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.LedgerException;
import io.dvault.ledger.LedgerWriter.CommitResult;
import io.dvault.ledger.testing.LyingRpcProxy;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.Bytes32;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TransactionSenderTest {
  private static final TransactionSender.Patience HASTY = new TransactionSender.Patience(
      Duration.ofMillis(150), 2, Duration.ofMillis(10), Duration.ofMillis(50));

  private AnvilProcess anvil;
  private VaultFixture fixture;
  private Failover rpc;

  @BeforeEach
  void start() {
    anvil = AnvilProcess.start(AnvilProcess.Options.defaults());
    fixture = VaultFixture.create(anvil.endpoint(), 1, 1);
    rpc = Failover.of(anvil.endpoint());
  }

  @AfterEach
  void stop() {
    rpc.close();
    fixture.close();
    anvil.close();
  }

  private EvmLedgerWriter hasty(EndpointSettings endpoint) {
    return EvmLedgerWriter.open(endpoint, fixture.ref(), fixture.gas(), HASTY);
  }

  private List<Json.Obj> pending() {
    return rpc
        .call("eth_getBlockByNumber", Json.text("pending"), Json.bool(true))
        .asObject()
        .get("transactions")
        .asList()
        .stream()
        .map(Json::asObject)
        .toList();
  }

  @Test
  @Tag("T29")
  void commit_lingering_isRaisedAndTakenOverByARerun() {
    Commit next = fixture.next(Bytes32.sha256("root"));
    rpc.call("evm_setAutomine", Json.bool(false));
    BigInteger offered;
    try (EvmLedgerWriter writer = hasty(anvil.endpoint())) {
      LedgerException lingering =
          assertThrows(LedgerException.class, () -> writer.commit(next, fixture.approvals(next)));
      assertTrue(lingering.getMessage().contains("run the command again"), lingering.getMessage());
      assertEquals(1, pending().size(), "a raise replaces, it does not add");
      offered = Hex.parseBig(pending().getFirst().text("maxPriorityFeePerGas"));
    }
    Json transaction = Json.text(pending().getFirst().text("hash"));
    rpc.call("evm_setAutomine", Json.bool(true));
    rpc.call("evm_mine");

    CommitResult.Done done = assertInstanceOf(
        CommitResult.Done.class, fixture.writer().commit(next, fixture.approvals(next)));

    assertEquals(transaction.asText(), done.event().origin().transaction());
    BigInteger first = Hex.parseBig(rpc.call("eth_maxPriorityFeePerGas").asText());
    assertTrue(
        offered.compareTo(first.multiply(BigInteger.valueOf(81)).divide(BigInteger.valueOf(64)))
            > 0,
        "two raises of an eighth on " + first + ", got " + offered);
  }

  @Test
  @Tag("T29")
  void commit_pendingFromAKilledRun_isNotSentTwice() throws Exception {
    Commit next = fixture.next(Bytes32.sha256("root"));
    rpc.call("evm_setAutomine", Json.bool(false));
    try (EvmLedgerWriter killed = hasty(anvil.endpoint())) {
      assertThrows(LedgerException.class, () -> killed.commit(next, fixture.approvals(next)));
    }
    String hash = pending().getFirst().text("hash");
    Thread miner = Thread.ofVirtual().start(() -> {
      JsonRpc.pause(Duration.ofMillis(400));
      rpc.call("evm_mine");
    });

    CommitResult.Done done = assertInstanceOf(
        CommitResult.Done.class, fixture.writer().commit(next, fixture.approvals(next)));

    miner.join();
    assertEquals(hash, done.event().origin().transaction());
    assertEquals(0, pending().size());
  }

  @Test
  void commit_otherTransactionOfTheSameKeyPending_goesBehindIt() throws Exception {
    rpc.call("evm_setAutomine", Json.bool(false));
    rpc.call(
        "eth_sendTransaction",
        Json.object(
            "from",
            fixture.gas().address().toString(),
            "to",
            fixture.gas().address().toString(),
            "value",
            "0x1"));
    Commit next = fixture.next(Bytes32.sha256("root"));
    Thread miner = Thread.ofVirtual().start(() -> {
      JsonRpc.pause(Duration.ofMillis(300));
      rpc.call("evm_mine");
    });

    assertInstanceOf(
        CommitResult.Done.class, fixture.writer().commit(next, fixture.approvals(next)));
    miner.join();
    assertEquals(0, pending().size());
  }

  @Test
  void commit_chainWithoutBaseFee_isPaidTheLegacyWay() throws IOException {
    try (LyingRpcProxy proxy = new LyingRpcProxy(anvil.rpc());
        EvmLedgerWriter writer = hasty(proxy.endpoint())) {
      proxy.alterText("eth_getBlockByNumber", text -> text.replace("baseFeePerGas", "noBaseFee"));
      Commit next = fixture.next(Bytes32.sha256("root"));

      CommitResult.Done done =
          assertInstanceOf(CommitResult.Done.class, writer.commit(next, fixture.approvals(next)));

      Json transaction =
          rpc.call("eth_getTransactionByHash", Json.text(done.event().origin().transaction()));
      assertEquals("0x0", transaction.asObject().text("type"));
    }
  }

  @Test
  void commit_poorGasKey_saysWhoNeedsCoins() {
    try (EvmSigner poor = VaultFixture.newKeys(1).getFirst();
        EvmLedgerWriter writer = EvmLedgerWriter.open(anvil.endpoint(), fixture.ref(), poor)) {
      Commit next = fixture.next(Bytes32.sha256("root"));

      LedgerException money =
          assertThrows(LedgerException.class, () -> writer.commit(next, fixture.approvals(next)));

      assertTrue(
          money.getMessage().contains(EvmKeys.checksummed(poor.address()) + " has 0 wei"),
          money.getMessage());
    }
  }

  @Test
  @Tag("G4")
  void commit_firstEndpointIsDown_goesThroughTheSecond() throws IOException {
    LyingRpcProxy dead = new LyingRpcProxy(anvil.rpc());
    EndpointSettings both = new EndpointSettings(List.of(dead.rpc(), anvil.rpc()), 1);
    dead.close();
    try (EvmLedgerWriter writer = EvmLedgerWriter.open(both, fixture.ref(), fixture.gas())) {
      Commit next = fixture.next(Bytes32.sha256("root"));

      assertInstanceOf(CommitResult.Done.class, writer.commit(next, fixture.approvals(next)));
    }
  }

  @Test
  void raised_isAnEighthMoreAtLeast() {
    Fees.Dynamic raised =
        (Fees.Dynamic) new Fees.Dynamic(BigInteger.ZERO, BigInteger.valueOf(1000)).raised();

    assertEquals(BigInteger.ONE, raised.tip());
    assertTrue(raised.most().compareTo(BigInteger.valueOf(1125)) >= 0);
    assertEquals(
        new Fees.Dynamic(BigInteger.TWO, BigInteger.valueOf(1126)),
        raised.atLeast(new Fees.Dynamic(BigInteger.TWO, BigInteger.TEN)));
  }
}
