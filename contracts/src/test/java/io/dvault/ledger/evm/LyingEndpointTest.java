package io.dvault.ledger.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.json.Json;
import io.dvault.ledger.Approval;
import io.dvault.ledger.ApprovalVerifier.Verdict;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.LedgerEvent.Committed;
import io.dvault.ledger.LedgerException;
import io.dvault.ledger.testing.LyingRpcProxy;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One endpoint that lies, alone or among honest ones. */
class LyingEndpointTest {
  private static AnvilProcess anvil;

  private VaultFixture fixture;
  private LyingRpcProxy proxy;
  private EvmLedger ledger;

  @BeforeAll
  static void start() {
    anvil = AnvilProcess.start(AnvilProcess.Options.defaults());
  }

  @AfterAll
  static void stop() {
    anvil.close();
  }

  @BeforeEach
  void vault() throws IOException {
    fixture = VaultFixture.create(anvil.endpoint(), 2, 3);
    proxy = new LyingRpcProxy(anvil.rpc());
    ledger = EvmLedger.open(proxy.endpoint().withTimeout(Duration.ofSeconds(5)), fixture.ref());
  }

  @AfterEach
  void end() {
    ledger.close();
    proxy.close();
    fixture.close();
  }

  private EvmLedger two(int quorum) {
    return EvmLedger.open(
        new EndpointSettings(List.of(proxy.rpc(), anvil.rpc()), quorum), fixture.ref());
  }

  /** Two of these must agree: the liar, the honest one, and one more before the same chain. */
  private EvmLedger three(LyingRpcProxy third) {
    return EvmLedger.open(
        new EndpointSettings(List.of(proxy.rpc(), anvil.rpc(), third.rpc()), 2), fixture.ref());
  }

  private void inventAnEpoch() {
    fixture.commit(Bytes32.sha256("honest"));
    proxy.alterHead(words -> {
      words[31] = 99;
      return words;
    });
  }

  private Verdict verdict(Committed event) {
    Eip712ApprovalVerifier verifier = new Eip712ApprovalVerifier();
    return verifier.verify(
        verifier.digest(fixture.ref(), event.commit()), fixture.governance(), event.approvals());
  }

  @Test
  @Tag("T1")
  void findHead_forgedRoot_hasNoCommitWithApprovals() {
    fixture.commit(Bytes32.sha256("honest"));
    byte[] forged = Bytes32.sha256("forged").toArray();
    proxy.alterHead(words -> {
      System.arraycopy(forged, 0, words, 32, 32);
      return words;
    });
    proxy.alterText(
        "eth_getLogs",
        text -> text.replace(
            Bytes32.sha256("honest").hex(), Bytes32.sha256("forged").hex()));

    Head head = ledger.findHead(fixture.vault()).orElseThrow();
    Committed event = ledger.findCommit(fixture.vault(), head.committedAt()).orElseThrow();

    assertEquals(Bytes32.of(forged), head.root());
    assertEquals(Bytes32.of(forged), event.commit().root());
    assertInstanceOf(Verdict.Rejected.class, verdict(event));
    proxy.beHonest();
    Committed honest = ledger.findCommit(fixture.vault(), head.committedAt()).orElseThrow();
    assertInstanceOf(Verdict.Approved.class, verdict(honest));
  }

  @Test
  @Tag("T1")
  @Tag("O2")
  void history_forgedRoot_isAHole() {
    fixture.commit(Bytes32.sha256("one"));
    fixture.commit(Bytes32.sha256("two"));
    String two = Bytes32.sha256("two").hex();
    UnaryOperator<String> forge = text -> text.contains(two)
        ? text
        : text.replace(Bytes32.sha256("one").hex(), Bytes32.sha256("x").hex());
    proxy.alterText("eth_getLogs", forge);
    proxy.alterText("eth_getBlockByNumber", forge);
    Head head = ledger.findHead(fixture.vault()).orElseThrow();

    LedgerException hole = assertThrows(LedgerException.class, () -> ledger.history(head, 10));

    assertTrue(hole.getMessage().startsWith("The history has a hole"), hole.getMessage());
  }

  @Test
  @Tag("T2")
  void findCommit_everyLogDropped_isRebuiltFromCalldata() {
    Committed first = fixture.commit(Bytes32.sha256("one")).event();
    Committed second = fixture.commit(Bytes32.sha256("two")).event();
    proxy.dropLogs();

    Head head = ledger.findHead(fixture.vault()).orElseThrow();

    assertEquals(second, ledger.findCommit(fixture.vault(), head.committedAt()).orElseThrow());
    assertEquals(List.of(second, first), ledger.history(head, 10));
    assertInstanceOf(
        Verdict.Approved.class,
        verdict(ledger.findCommit(fixture.vault(), head.committedAt()).get()));
    assertTrue(ledger.events(fixture.vault(), 0, head.committedAt()).isEmpty());
  }

  @Test
  @Tag("T2")
  void findGovernanceChange_everyLogDropped_isRebuiltFromCalldata() {
    List<EvmSigner> keys = VaultFixture.newKeys(1);
    Governance next =
        new Governance(List.of(keys.getFirst().address()), 1, List.of(), Duration.ofHours(2));
    Bytes32 digest = new Eip712ApprovalVerifier().digest(fixture.ref(), fixture.vault(), next, 2);
    long created = fixture.head().governanceChangedAt();
    fixture
        .writer()
        .setGovernance(
            fixture.vault(),
            next,
            VaultFixture.approvals(digest, fixture.approvers()),
            VaultFixture.approvals(digest, keys));
    long changed = fixture.head().governanceChangedAt();
    LedgerEvent logged =
        fixture.ledger().findGovernanceChange(fixture.vault(), changed).orElseThrow();
    LedgerEvent creation =
        fixture.ledger().findGovernanceChange(fixture.vault(), created).orElseThrow();
    proxy.dropLogs();

    assertEquals(logged, ledger.findGovernanceChange(fixture.vault(), changed).orElseThrow());
    assertEquals(creation, ledger.findGovernanceChange(fixture.vault(), created).orElseThrow());
  }

  @Test
  @Tag("T2")
  void commit_throughAnEndpointWithoutLogs_isDone() {
    proxy.dropLogs();
    Commit next = fixture.next(Bytes32.sha256("root"));
    try (EvmLedgerWriter writer =
        EvmLedgerWriter.open(proxy.endpoint(), fixture.ref(), fixture.gas())) {
      var done = assertInstanceOf(
          EvmLedgerWriter.CommitResult.Done.class, writer.commit(next, fixture.approvals(next)));

      assertEquals(next, done.event().commit());
    }
  }

  @Test
  @Tag("T3")
  void findHead_pinnedEndpointAmongTwo_isOutvotedOrReported() {
    fixture.commit(Bytes32.sha256("old"));
    long old = fixture.ledger().latestBlock().number();
    fixture.commit(Bytes32.sha256("new"));
    proxy.pinTo(old);

    assertEquals(1, ledger.findHead(fixture.vault()).orElseThrow().epoch());
    try (EvmLedger both = two(1);
        EvmLedger strict = two(2)) {
      assertEquals(2, both.findHead(fixture.vault()).orElseThrow().epoch());
      assertEquals(1, both.disagreements().size());
      assertTrue(
          both.disagreements().getFirst().what().contains("says epoch 1"),
          both.disagreements().toString());
      // Two must support a head: the honest one held epoch 1 when it was at that block.
      assertEquals(1, strict.findHead(fixture.vault()).orElseThrow().epoch());
    }
  }

  @Test
  @Tag("T1")
  void findHead_inventedEpoch_needsAQuorum() throws IOException {
    inventAnEpoch();
    try (LyingRpcProxy third = new LyingRpcProxy(anvil.rpc());
        EvmLedger three = three(third);
        EvmLedger split = two(2)) {
      assertEquals(1, three.findHead(fixture.vault()).orElseThrow().epoch());
      assertTrue(three.disagreements().getFirst().what().contains("says epoch 99"));
      LedgerException none =
          assertThrows(LedgerException.class, () -> split.findHead(fixture.vault()));
      assertTrue(
          none.getMessage().startsWith("2 of 2 RPC endpoints must agree"), none.getMessage());
    }
  }

  @Test
  void revoked_hiddenByOneOfThree_isStillRevoked() throws IOException {
    RevocationId id = new RevocationId(Bytes32.sha256("entry"));
    fixture.writer().revoke(fixture.vault(), List.of(id));
    proxy.alterCall("0x8cc2c54f", words -> {
      Arrays.fill(words, 64, words.length, (byte) 0);
      return words;
    });
    try (LyingRpcProxy third = new LyingRpcProxy(anvil.rpc());
        EvmLedger three = three(third)) {
      assertTrue(ledger.revoked(fixture.vault(), List.of(id)).isEmpty());
      assertEquals(Set.of(id), three.revoked(fixture.vault(), List.of(id)));
      assertEquals(1, three.disagreements().size());
    }
  }

  @Test
  @Tag("T2")
  void findRevocations_logsDropped_leavesItToTheContract() {
    RevocationId id = new RevocationId(Bytes32.sha256("entry"));
    fixture.writer().revoke(fixture.vault(), List.of(id));
    proxy.dropLogs();
    Head head = ledger.findHead(fixture.vault()).orElseThrow();
    assertEquals(Optional.empty(), ledger.findRevocations(head, 10));
    assertEquals(Set.of(id), ledger.revoked(fixture.vault(), List.of(id)));
    proxy.beHonest();
    assertEquals(Optional.of(Set.of(id)), ledger.findRevocations(head, 10));
  }

  /** A link that leads on in circles, or nowhere, ends at the first block that does not go back. */
  @Test
  @Tag("T2")
  void findRevocations_linkForged_leavesItToTheContract() {
    fixture.writer().revoke(fixture.vault(), List.of(new RevocationId(Bytes32.sha256("one"))));
    fixture.writer().revoke(fixture.vault(), List.of(new RevocationId(Bytes32.sha256("two"))));
    Head head = ledger.findHead(fixture.vault()).orElseThrow();
    String link = "%064x".formatted(head.revokedAt() - 1);
    for (long forged :
        List.of(head.revokedAt(), head.revokedAt() + 1, head.governanceChangedAt())) {
      proxy.alterText("eth_getLogs", text -> text.replace(link, "%064x".formatted(forged)));
      assertEquals(Optional.empty(), ledger.findRevocations(head, 10), "link to " + forged);
      proxy.beHonest();
    }
    assertEquals(2, ledger.findRevocations(head, 10).orElseThrow().size());
  }

  /** Of two that must agree one hides the last revocation: the other's word makes everybody look. */
  @Test
  @Tag("T1")
  void findHead_lastRevocationHidden_isStillTold() throws IOException {
    RevocationId id = new RevocationId(Bytes32.sha256("entry"));
    fixture.writer().revoke(fixture.vault(), List.of(id));
    long revokedAt = fixture.head().revokedAt();
    proxy.alterHead(words -> {
      Arrays.fill(words, 9 * 32, 10 * 32, (byte) 0);
      return words;
    });
    try (EvmLedger both = two(2);
        LyingRpcProxy third = new LyingRpcProxy(anvil.rpc());
        EvmLedger three = three(third)) {
      assertEquals(0, ledger.findHead(fixture.vault()).orElseThrow().revokedAt());
      assertEquals(revokedAt, both.findHead(fixture.vault()).orElseThrow().revokedAt());
      Head head = three.findHead(fixture.vault()).orElseThrow();
      assertEquals(revokedAt, head.revokedAt());
      assertEquals(Optional.of(Set.of(id)), three.findRevocations(head, 10));
    }
  }

  @Test
  @Tag("T1")
  @SuppressWarnings("try") // it goes away in the middle
  void disagreements_readsAfterTheHead_areToldBesideIts() throws IOException {
    inventAnEpoch();
    try (LyingRpcProxy third = new LyingRpcProxy(anvil.rpc());
        EvmLedger three = three(third)) {
      three.findHead(fixture.vault());
      three.governance(fixture.vault());
      assertTrue(
          three.disagreements().getFirst().what().contains("says epoch 99"),
          three.disagreements().toString());
      third.close();
      three.governance(fixture.vault());
      three.governance(fixture.vault());
      assertEquals(2, three.disagreements().size(), three.disagreements().toString());

      proxy.beHonest();
      three.findHead(fixture.vault());
      assertEquals(
          1, three.disagreements().size(), three.disagreements().toString()); // who is down
    }
  }

  @Test
  @Tag("G4")
  void findHead_oneOfTwoIsDown_isAnsweredAndReported() {
    fixture.commit(Bytes32.sha256("root"));
    proxy.close();
    try (EvmLedger both = two(1)) {
      assertEquals(1, both.findHead(fixture.vault()).orElseThrow().epoch());
      assertTrue(both.disagreements().getFirst().what().contains("connection refused"));
    }
  }

  @Test
  @Tag("T7")
  void findHead_otherChainId_isRefusedEveryTime() {
    fixture.commit(Bytes32.sha256("root"));
    assertTrue(ledger.findHead(fixture.vault()).isPresent());
    proxy.claimChain(1);

    LedgerException wrong =
        assertThrows(LedgerException.class, () -> ledger.findHead(fixture.vault()));

    assertTrue(
        wrong.getMessage().contains("serves chain 1, expected chain 31337"), wrong.getMessage());
  }

  @Test
  @Tag("T7")
  void codeHash_twoChainsSameAddressOtherCode_differs() {
    try (AnvilProcess other = AnvilProcess.start(AnvilProcess.Options.defaults());
        Failover rpc = Failover.of(other.endpoint());
        EvmLedger there = EvmLedger.open(other.endpoint(), fixture.ref())) {
      rpc.call(
          "anvil_setCode",
          Json.text(fixture.ref().contract().toString()),
          Json.text("0x60016000f3"));

      assertNotEquals(fixture.ledger().findCodeHash(), there.findCodeHash());
      assertFalse(there.codeMatchesSource());
      assertTrue(fixture.ledger().codeMatchesSource());
    }
  }

  @Test
  void anyAnswer_slowEndlessCutOrForeign_isOneClearMessage() {
    ledger = EvmLedger.open(proxy.endpoint().withTimeout(Duration.ofMillis(700)), fixture.ref());
    assertFails("answered with a web page", proxy::answerWithPage);
    assertFails("does not answer within 700 ms", proxy::trickle);
    assertFails("larger than 16 MiB", () -> {
      ledger = EvmLedger.open(proxy.endpoint().withTimeout(Duration.ofSeconds(20)), fixture.ref());
      proxy.flood();
    });
    assertFails("did not answer with JSON-RPC: not valid JSON", proxy::truncate);
    assertFails("answered HTTP 403", () -> proxy.answerWithStatus(403));
    assertFails("answered HTTP 500", () -> proxy.answerWithStatus(500));
    assertFails("redirects", () -> proxy.answerWithStatus(302));
    ledger = EvmLedger.open(proxy.endpoint().withTimeout(Duration.ofMillis(300)), fixture.ref());
    assertFails(
        "does not answer within 300 ms", () -> proxy.waitBeforeAnswers(Duration.ofSeconds(3)));
    assertFails(
        "There is no dVault contract", () -> proxy.alterHead(words -> new byte[] {1, 2, 3}));
    assertFails("something unexpected", () -> proxy.alterHead(words -> new byte[64]));
    assertFails(
        "something unexpected",
        () -> proxy.alterText("eth_getBlockByNumber", text -> "{\"number\":7}"));
    proxy.close();
    assertFails("connection refused", () -> {});
  }

  private void assertFails(String words, Runnable lie) {
    proxy.beHonest();
    lie.run();
    LedgerException failure =
        assertThrows(LedgerException.class, () -> ledger.findHead(fixture.vault()), words);
    assertTrue(failure.getMessage().contains(words), failure.getMessage());
    assertTrue(failure.getMessage().contains("http://127.0.0.1:"), failure.getMessage());
  }

  @Test
  void read_endpointWithoutBatches_isAskedOneByOne() {
    fixture.commit(Bytes32.sha256("root"));
    proxy.refuseBatches();

    assertEquals(1, ledger.findHead(fixture.vault()).orElseThrow().epoch());
    assertEquals(1, ledger.history(fixture.head(), 10).size());
  }

  @Test
  void events_rangeLimitOfTheProvider_isHalvedUntilItFits() {
    fixture.commit(Bytes32.sha256("root"));
    long latest = fixture.ledger().latestBlock().number();
    proxy.limitLogRange(2);

    List<LedgerEvent> events = ledger.events(fixture.vault(), 0, latest);

    assertEquals(fixture.ledger().events(fixture.vault(), 0, latest), events);
    assertEquals(2, events.size());
  }

  @Test
  @Tag("O6")
  void events_logsOfOtherContractsSlippedIn_areRefused() {
    fixture.commit(Bytes32.sha256("root"));
    String ours = fixture.ref().contract().toString();
    proxy.alterText(
        "eth_getLogs",
        text -> text.replace(ours, VaultFixture.newKeys(1).getFirst().address().toString()));

    LedgerException foreign = assertThrows(
        LedgerException.class,
        () -> ledger.events(fixture.vault(), 0, fixture.head().committedAt()));

    assertTrue(foreign.getMessage().contains("another contract"), foreign.getMessage());
  }

  @Test
  @Tag("O6")
  void findCommit_logsOfOtherVaultsSlippedIn_areIgnored() {
    try (VaultFixture other = VaultFixture.create(anvil.endpoint(), 1, 1)) {
      Committed foreign = other.commit(Bytes32.sha256("foreign")).event();
      proxy.alterText(
          "eth_getLogs",
          text -> text.replace(fixture.vault().toString(), new VaultId(Bytes32.ZERO).toString()));

      assertTrue(
          ledger.findCommit(fixture.vault(), foreign.origin().block().number()).isEmpty());
    }
  }

  @Test
  @Tag("T1")
  void verify_forgedApprovals_areRejected() {
    Committed event = fixture.commit(Bytes32.sha256("root")).event();
    List<Approval> swapped = event.approvals().reversed();
    assertInstanceOf(
        Verdict.Rejected.class,
        verdict(new Committed(event.commit(), swapped, event.previousAt(), event.origin())));
    assertInstanceOf(
        Verdict.Rejected.class,
        verdict(new Committed(
            event.commit(), event.approvals().subList(0, 1), event.previousAt(), event.origin())));
  }
}
