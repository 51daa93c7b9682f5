package io.dvault.ledger.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.ledger.Approval;
import io.dvault.ledger.ApprovalVerifier.Verdict;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.LedgerException;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.LedgerWriter.CommitResult;
import io.dvault.ledger.evm.ContractDeployment;
import io.dvault.ledger.evm.Eip712ApprovalVerifier;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code Ledger} and {@code LedgerWriter} promise, on any chain: the same tests run on anvil and on geth. */
public interface LedgerConformance {
  EndpointSettings endpoint();

  private VaultFixture vault(int threshold, int approvers) {
    return VaultFixture.create(endpoint(), threshold, approvers);
  }

  private static RevocationId revocation(int n) {
    return new RevocationId(Bytes32.sha256("revocation " + n));
  }

  @Test
  @Tag("O12")
  default void deploy_again_findsTheContractThatIsThere() {
    try (VaultFixture fixture = vault(1, 1)) {
      ContractDeployment again = ContractDeployment.deploy(endpoint(), fixture.gas());

      assertTrue(again.alreadyThere());
      assertEquals(fixture.ref(), again.ref());
      assertTrue(fixture.ledger().codeMatchesSource());
      assertTrue(fixture.ledger().findCodeHash().isPresent());
    }
  }

  @Test
  default void createVault_again_isTheSameVault() {
    try (VaultFixture fixture = vault(1, 1)) {
      Bytes32 salt = VaultFixture.random32();
      VaultId first = fixture.writer().createVault(salt, fixture.governance());

      assertEquals(first, fixture.writer().createVault(salt, fixture.governance()));
      assertEquals(fixture.governance(), fixture.ledger().governance(first));
      Head head = fixture.ledger().findHead(first).orElseThrow();
      assertEquals(0, head.epoch());
      assertEquals(Bytes32.ZERO, head.root());
      assertEquals(1, head.governanceVersion());
      Governance other =
          new Governance(fixture.governance().approvers(), 1, List.of(), Duration.ofHours(1));
      LedgerException refused =
          assertThrows(LedgerException.class, () -> fixture.writer().createVault(salt, other));
      assertTrue(refused.getMessage().contains("another governance"), refused.getMessage());
    }
  }

  @Test
  default void findHead_unknownVault_isEmpty() {
    try (VaultFixture fixture = vault(1, 1)) {
      VaultId unknown = new VaultId(VaultFixture.random32());

      assertTrue(fixture.ledger().findHead(unknown).isEmpty());
      LedgerException none =
          assertThrows(LedgerException.class, () -> fixture.ledger().governance(unknown));
      assertTrue(none.getMessage().contains("there is no vault"), none.getMessage());
    }
  }

  @Test
  @Tag("O2")
  default void commit_approved_movesTheHeadByOne() {
    try (VaultFixture fixture = vault(1, 1)) {
      Commit next = fixture.next(Bytes32.sha256("root 1"));
      List<Approval> approvals = fixture.approvals(next);

      CommitResult.Done done =
          assertInstanceOf(CommitResult.Done.class, fixture.writer().commit(next, approvals));

      assertEquals(next, done.event().commit());
      assertArrayEquals(next.acts(), done.event().commit().acts());
      assertEquals(approvals, done.event().approvals());
      assertEquals(0, done.event().previousAt());
      assertEquals(fixture.gas().address(), done.event().origin().sender());
      assertTrue(done.gasUsed() > 21_000);
      Head head = fixture.head();
      assertEquals(1, head.epoch());
      assertEquals(next.root(), head.root());
      assertEquals(next.notAfter(), head.notAfter());
      assertEquals(done.event().origin().block().number(), head.committedAt());
      assertEquals(
          done.event(),
          fixture.ledger().findCommit(fixture.vault(), head.committedAt()).orElseThrow());
    }
  }

  @Test
  @Tag("T29")
  default void commit_again_isDoneOnce() {
    try (VaultFixture fixture = vault(1, 1)) {
      Commit next = fixture.next(Bytes32.sha256("root 1"));
      CommitResult first = fixture.writer().commit(next, fixture.approvals(next));

      assertEquals(first, fixture.writer().commit(next, fixture.approvals(next)));
      assertEquals(1, fixture.head().epoch());
    }
  }

  @Test
  @Tag("S4")
  default void commit_onAnOldEpoch_isStaleAndChangesNothing() {
    try (VaultFixture fixture = vault(1, 1)) {
      Commit late = fixture.next(Bytes32.sha256("late"));
      fixture.commit(Bytes32.sha256("faster"));

      CommitResult.Stale stale = assertInstanceOf(
          CommitResult.Stale.class, fixture.writer().commit(late, fixture.approvals(late)));

      assertEquals(Bytes32.sha256("faster"), stale.head().root());
      assertEquals(stale.head().root(), fixture.head().root());
    }
  }

  @Test
  @Tag("O10")
  @Tag("O17")
  default void commit_withoutEnoughApprovals_isRefusedInWords() {
    try (VaultFixture fixture = vault(2, 3)) {
      Commit next = fixture.next(Bytes32.sha256("root"));
      Bytes32 digest = new Eip712ApprovalVerifier().digest(fixture.ref(), next);
      List<EvmSigner> one = fixture.approvers().subList(0, 1);
      List<EvmSigner> strangers = VaultFixture.newKeys(2);

      CommitResult.Refused few = assertInstanceOf(
          CommitResult.Refused.class,
          fixture.writer().commit(next, VaultFixture.approvals(digest, one)));
      CommitResult.Refused foreign = assertInstanceOf(
          CommitResult.Refused.class,
          fixture.writer().commit(next, VaultFixture.approvals(digest, strangers)));
      CommitResult.Refused twice = assertInstanceOf(
          CommitResult.Refused.class,
          fixture
              .writer()
              .commit(next, VaultFixture.approvals(digest, List.of(one.get(0), one.get(0)))));

      assertEquals("TooFewApprovals", few.error());
      assertEquals("2 approvals are needed, got 1", few.detail());
      assertEquals("NotApprover", foreign.error());
      assertEquals("NotAscending", twice.error());
      assertEquals(0, fixture.head().epoch());
    }
  }

  @Test
  @Tag("O17")
  default void commit_byAnyThresholdOfApprovers_isDone() {
    try (VaultFixture fixture = vault(2, 3)) {
      Commit next = fixture.next(Bytes32.sha256("root"));
      Bytes32 digest = new Eip712ApprovalVerifier().digest(fixture.ref(), next);
      List<EvmSigner> lastTwo = fixture.approvers().subList(1, 3);

      assertInstanceOf(
          CommitResult.Done.class,
          fixture.writer().commit(next, VaultFixture.approvals(digest, lastTwo)));
    }
  }

  @Test
  @Tag("S7")
  default void history_followsTheLinksBackToTheFirstCommit() {
    try (VaultFixture fixture = vault(1, 1)) {
      List<LedgerEvent.Committed> made = new ArrayList<>();
      for (int i = 1; i <= 6; i++) {
        made.addFirst(fixture.commit(Bytes32.sha256("root " + i)).event());
      }

      assertEquals(made, fixture.ledger().history(fixture.head(), 100));
      assertEquals(made.subList(0, 2), fixture.ledger().history(fixture.head(), 2));
      Eip712ApprovalVerifier verifier = new Eip712ApprovalVerifier();
      made.forEach(event -> assertEquals(
          new Verdict.Approved(fixture.governance().approvers()),
          verifier.verify(
              verifier.digest(fixture.ref(), event.commit()),
              fixture.governance(),
              event.approvals())));
    }
  }

  @Test
  default void setGovernance_byOldAndNew_isFoundAndBindsTheNextCommit() {
    try (VaultFixture fixture = vault(1, 1)) {
      List<EvmSigner> keys = VaultFixture.newKeys(2);
      Governance next = new Governance(
          keys.stream().map(EvmSigner::address).toList(), 2, List.of(), Duration.ofDays(1));
      Bytes32 digest = new Eip712ApprovalVerifier().digest(fixture.ref(), fixture.vault(), next, 2);
      List<Approval> byOld = VaultFixture.approvals(digest, fixture.approvers());
      List<Approval> byNew = VaultFixture.approvals(digest, keys);
      long created = fixture.head().governanceChangedAt();

      fixture.writer().setGovernance(fixture.vault(), next, byOld, byNew);
      fixture.writer().setGovernance(fixture.vault(), next, byOld, byNew);

      Head head = fixture.head();
      assertEquals(2, head.governanceVersion());
      assertEquals(next, fixture.ledger().governance(fixture.vault()));
      LedgerEvent.GovernanceChanged change = assertInstanceOf(
          LedgerEvent.GovernanceChanged.class,
          fixture
              .ledger()
              .findGovernanceChange(fixture.vault(), head.governanceChangedAt())
              .orElseThrow());
      assertEquals(next, change.next());
      assertEquals(byOld, change.approvalsOld());
      assertEquals(byNew, change.approvalsNew());
      assertEquals(created, change.previousAt());
      assertInstanceOf(
          LedgerEvent.VaultCreated.class,
          fixture.ledger().findGovernanceChange(fixture.vault(), created).orElseThrow());
      Commit commit = fixture.next(Bytes32.sha256("root"));
      assertInstanceOf(
          CommitResult.Refused.class, fixture.writer().commit(commit, fixture.approvals(commit)));
      Bytes32 commitDigest = new Eip712ApprovalVerifier().digest(fixture.ref(), commit);
      assertInstanceOf(
          CommitResult.Done.class,
          fixture.writer().commit(commit, VaultFixture.approvals(commitDigest, keys)));
    }
  }

  @Test
  @Tag("I11")
  default void revokeAndFreeze_byAGuardian_takeEffectAtOnce() {
    try (VaultFixture fixture = vault(1, 1)) {
      List<RevocationId> ids = List.of(revocation(1), revocation(2));

      fixture.writer().revoke(fixture.vault(), ids);
      fixture.writer().revoke(fixture.vault(), ids);
      fixture.writer().freeze(fixture.vault());
      fixture.writer().freeze(fixture.vault());

      assertEquals(
          Set.copyOf(ids),
          fixture
              .ledger()
              .revoked(fixture.vault(), List.of(revocation(0), revocation(1), revocation(2))));
      assertTrue(fixture.head().frozen());
      assertEquals(1, fixture.ledger().freezes(fixture.vault()));
      Commit next = fixture.next(Bytes32.sha256("root"));
      CommitResult.Refused refused = assertInstanceOf(
          CommitResult.Refused.class, fixture.writer().commit(next, fixture.approvals(next)));
      assertEquals("VaultFrozen", refused.error());
      Bytes32 digest =
          new Eip712ApprovalVerifier().unfreezeDigest(fixture.ref(), fixture.vault(), 1, 1);
      fixture
          .writer()
          .unfreeze(fixture.vault(), VaultFixture.approvals(digest, fixture.approvers()));
      assertFalse(fixture.head().frozen());
      assertInstanceOf(
          CommitResult.Done.class, fixture.writer().commit(next, fixture.approvals(next)));
    }
  }

  @Test
  default void revoke_moreThanOneTransactionHolds_revokesAll() {
    try (VaultFixture fixture = vault(1, 1)) {
      List<RevocationId> ids = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        ids.add(revocation(i));
      }

      fixture.writer().revoke(fixture.vault(), ids);

      assertEquals(Set.copyOf(ids), fixture.ledger().revoked(fixture.vault(), ids));
      assertEquals(
          Optional.of(Set.copyOf(ids)), fixture.ledger().findRevocations(fixture.head(), 2));
    }
  }

  @Test
  default void findRevocations_followsTheLinksFromTheHead() {
    try (VaultFixture fixture = vault(1, 1);
        VaultFixture other = vault(1, 1)) {
      Head before = fixture.head();
      assertEquals(0, before.revokedAt());
      assertEquals(Optional.of(Set.of()), fixture.ledger().findRevocations(before, 0));
      fixture.writer().revoke(fixture.vault(), List.of(revocation(1), revocation(2)));
      other.writer().revoke(other.vault(), List.of(revocation(9)));
      fixture.commit(Bytes32.sha256("root"));
      fixture.writer().revoke(fixture.vault(), List.of(revocation(3)));

      Head head = fixture.head();

      assertEquals(
          Optional.of(Set.of(revocation(1), revocation(2), revocation(3))),
          fixture.ledger().findRevocations(head, 2));
      assertEquals(Optional.empty(), fixture.ledger().findRevocations(head, 1));
      assertEquals(Optional.of(Set.of()), fixture.ledger().findRevocations(before, 2));
      List<LedgerEvent> events =
          fixture.ledger().events(fixture.vault(), before.governanceChangedAt(), head.revokedAt());
      LedgerEvent.Revoked first = assertInstanceOf(LedgerEvent.Revoked.class, events.get(1));
      LedgerEvent.Revoked last = assertInstanceOf(LedgerEvent.Revoked.class, events.get(3));
      assertEquals(0, first.previousAt());
      assertEquals(first.origin().block().number(), last.previousAt());
      assertEquals(head.revokedAt(), last.origin().block().number());
    }
  }

  @Test
  @Tag("O6")
  default void events_listThisVaultsAloneInTheOrderOfTheChain() {
    try (VaultFixture fixture = vault(1, 1);
        VaultFixture other = vault(1, 1)) {
      long from = fixture.head().governanceChangedAt();
      fixture.commit(Bytes32.sha256("root 1"));
      other.commit(Bytes32.sha256("foreign"));
      other.writer().revoke(other.vault(), List.of(revocation(9)));
      fixture.writer().revoke(fixture.vault(), List.of(revocation(1)));
      fixture.writer().freeze(fixture.vault());
      Bytes32 digest =
          new Eip712ApprovalVerifier().unfreezeDigest(fixture.ref(), fixture.vault(), 1, 1);
      fixture
          .writer()
          .unfreeze(fixture.vault(), VaultFixture.approvals(digest, fixture.approvers()));

      List<LedgerEvent> events = fixture
          .ledger()
          .events(fixture.vault(), from, fixture.ledger().latestBlock().number());

      assertEquals(
          List.of(
              LedgerEvent.VaultCreated.class,
              LedgerEvent.Committed.class,
              LedgerEvent.Revoked.class,
              LedgerEvent.Frozen.class,
              LedgerEvent.Unfrozen.class),
          events.stream().map(Object::getClass).toList());
      events.forEach(event -> assertEquals(fixture.vault(), event.vault()));
    }
  }

  @Test
  default void read_whereNoContractIs_saysSo() {
    LedgerRef nowhere = new LedgerRef(31337, VaultFixture.newKeys(1).getFirst().address());
    try (EvmLedger ledger = EvmLedger.open(endpoint(), nowhere)) {
      LedgerException missing =
          assertThrows(LedgerException.class, () -> ledger.findHead(new VaultId(Bytes32.ZERO)));

      assertTrue(
          missing.getMessage().startsWith("There is no dVault contract at 0x"),
          missing.getMessage());
      assertTrue(ledger.findCodeHash().isEmpty());
      assertFalse(ledger.codeMatchesSource());
    }
  }

  @Test
  default void finalizedBlock_isNotAheadOfTheLatest() {
    try (VaultFixture fixture = vault(1, 1)) {
      assertTrue(fixture.ledger().finalizedBlock().number()
          <= fixture.ledger().latestBlock().number());
    }
  }
}
