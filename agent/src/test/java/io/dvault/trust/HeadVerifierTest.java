package io.dvault.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.dvault.ledger.Anchor;
import io.dvault.ledger.Approval;
import io.dvault.ledger.BlockStamp;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.LedgerEvent.Committed;
import io.dvault.ledger.LedgerEvent.GovernanceChanged;
import io.dvault.ledger.LedgerEvent.Origin;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.evm.Eip712ApprovalVerifier;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import io.dvault.trust.HeadVerifier.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An endpoint that controls everything it says, calldata and logs included, and holds no approver's key. */
@Tag("T1")
class HeadVerifierTest {
  private static final EvmAddress CONTRACT = EvmAddress.parse("0x" + "aa".repeat(20));
  private static final LedgerRef REF = new LedgerRef(31337, CONTRACT);
  private static final VaultId VAULT = new VaultId(Bytes32.sha256("vault"));
  private static final Bytes32 CODE = Bytes32.sha256("code");
  private static final Instant NOT_AFTER = Instant.ofEpochSecond(1_900_000_000);
  private static final Origin ORIGIN =
      new Origin(new BlockStamp(7, Bytes32.ZERO, Instant.EPOCH), "0x" + "00".repeat(32), CONTRACT);

  private final Eip712ApprovalVerifier approvals = new Eip712ApprovalVerifier();
  private final HeadVerifier verifier = new HeadVerifier(approvals);
  private final List<EvmSigner> approvers = VaultFixture.newKeys(3);
  private final Governance governance = governance(approvers, 2);
  private final TrustState pinned = TrustState.pinned(
      new Anchor(
          "fleet", VAULT, REF, CODE, List.of("http://rpc.example"), 1, List.of(), 1, governance),
      Instant.EPOCH);

  private static Governance governance(List<EvmSigner> signers, int threshold) {
    return new Governance(
        signers.stream().map(EvmSigner::address).toList(), threshold, List.of(), Duration.ZERO);
  }

  private static Commit commit(long epoch, String prev, String root, long governance) {
    return new Commit(
        VAULT,
        epoch,
        epoch == 1 ? Bytes32.ZERO : Bytes32.sha256(prev),
        Bytes32.sha256(root),
        Bytes32.ZERO,
        NOT_AFTER,
        new byte[] {(byte) 0xa0},
        governance);
  }

  private List<Approval> by(Commit commit, List<EvmSigner> signers) {
    return VaultFixture.approvals(approvals.digest(REF, commit), signers);
  }

  /** Says what it was made to say. */
  private static final class Endpoint implements Ledger {
    private final List<Committed> commits = new ArrayList<>();
    private final List<GovernanceChanged> changes = new ArrayList<>();
    private long finalized = 1_000;

    Endpoint commits(Commit commit, List<Approval> approvals) {
      commits.add(new Committed(commit, approvals, commits.size(), ORIGIN));
      return this;
    }

    @Override
    public LedgerRef ref() {
      return REF;
    }

    @Override
    public Optional<Bytes32> findCodeHash() {
      return Optional.of(CODE);
    }

    @Override
    public Optional<Head> findHead(VaultId vault) {
      Commit last = commits.getLast().commit();
      return Optional.of(new Head(
          vault,
          last.epoch(),
          last.root(),
          last.notAfter(),
          1 + changes.size(),
          false,
          commits.size(),
          changes.size(),
          0,
          new BlockStamp(9, Bytes32.ZERO, Instant.EPOCH)));
    }

    @Override
    public Governance governance(VaultId vault) {
      throw new IllegalStateException("the verifier must not ask an endpoint who governs");
    }

    @Override
    public Set<RevocationId> revoked(VaultId vault, Collection<RevocationId> ids) {
      return Set.of();
    }

    @Override
    public Optional<Set<RevocationId>> findRevocations(Head head, int most) {
      return Optional.of(Set.of());
    }

    @Override
    public Optional<Committed> findCommit(VaultId vault, long committedAt) {
      return Optional.of(commits.get((int) committedAt - 1));
    }

    @Override
    public Optional<LedgerEvent> findGovernanceChange(VaultId vault, long changedAt) {
      return Optional.of(changes.get((int) changedAt - 1));
    }

    @Override
    public List<Committed> history(Head head, int limit) {
      return commits.reversed().stream().limit(limit).toList();
    }

    @Override
    public List<LedgerEvent> events(VaultId vault, long from, long to) {
      return List.of();
    }

    @Override
    public BlockStamp latestBlock() {
      return new BlockStamp(finalized, Bytes32.ZERO, Instant.EPOCH);
    }

    @Override
    public BlockStamp finalizedBlock() {
      return latestBlock();
    }

    @Override
    public void close() {}
  }

  private void assertRefused(String code, Endpoint endpoint) {
    assertRefused(code, pinned, endpoint);
  }

  private void assertRefused(String code, TrustState state, Endpoint endpoint) {
    Result.Refused refused =
        assertInstanceOf(Result.Refused.class, verifier.verify(state, endpoint));
    assertEquals(code, refused.code(), refused.why());
  }

  @Test
  void verify_approvedByEnough_isFollowed() {
    Commit first = commit(1, "", "one", 1);
    Result.Newer newer = assertInstanceOf(
        Result.Newer.class,
        verifier.verify(pinned, new Endpoint().commits(first, by(first, approvers.subList(0, 2)))));
    assertEquals(1, newer.next().epoch());
    assertEquals(List.of(first), newer.path());
  }

  @Test
  @Tag("T8")
  @Tag("T9")
  void verify_anythingLessThanTheThreshold_isRefused() {
    Commit first = commit(1, "", "one", 1);
    List<EvmSigner> strangers = VaultFixture.newKeys(2);
    assertRefused("DV523", new Endpoint().commits(first, List.of()));
    assertRefused("DV523", new Endpoint().commits(first, by(first, approvers.subList(0, 1))));
    assertRefused("DV523", new Endpoint().commits(first, by(first, strangers)));
    Approval one = by(first, approvers.subList(0, 1)).getFirst();
    assertRefused("DV523", new Endpoint().commits(first, List.of(one, one)));
    assertRefused(
        "DV523",
        new Endpoint().commits(first, by(first, approvers.subList(0, 2)).reversed()));
    List<Approval> renamed = List.of(
        one,
        new Approval(
            approvers.get(1).address(), strangers.getFirst().sign(approvals.digest(REF, first))));
    assertRefused("DV523", new Endpoint().commits(first, renamed));
  }

  @Test
  @Tag("T8")
  void verify_approvalsOfSomethingElse_areRefused() {
    Commit first = commit(1, "", "one", 1);
    List<EvmSigner> two = approvers.subList(0, 2);
    assertRefused("DV523", new Endpoint().commits(first, by(commit(1, "", "other root", 1), two)));
    assertRefused("DV523", new Endpoint().commits(commit(2, "one", "two", 1), by(first, two)));
    List<Approval> otherChain =
        VaultFixture.approvals(approvals.digest(new LedgerRef(1, CONTRACT), first), two);
    assertRefused("DV523", new Endpoint().commits(first, otherChain));
    LedgerRef otherContract = new LedgerRef(31337, EvmAddress.parse("0x" + "bb".repeat(20)));
    assertRefused(
        "DV523",
        new Endpoint()
            .commits(first, VaultFixture.approvals(approvals.digest(otherContract, first), two)));
    Commit later = new Commit(
        VAULT,
        1,
        Bytes32.ZERO,
        first.root(),
        Bytes32.ZERO,
        NOT_AFTER.plusSeconds(9),
        first.acts(),
        1);
    assertRefused("DV523", new Endpoint().commits(later, by(first, two)));
  }

  @Test
  void verify_headThatItsCommitDoesNotSay_isRefused() {
    Commit first = commit(1, "", "one", 1);
    Endpoint endpoint = new Endpoint().commits(first, by(first, approvers.subList(0, 2)));
    Ledger lying = (Ledger) java.lang.reflect.Proxy.newProxyInstance(
        Ledger.class.getClassLoader(),
        new Class<?>[] {Ledger.class},
        (proxy, method, arguments) -> {
          if (!method.getName().equals("findHead")) {
            return method.invoke(endpoint, arguments);
          }
          return Optional.of(new Head(
              VAULT,
              1,
              Bytes32.sha256("forged"),
              NOT_AFTER,
              1,
              false,
              1,
              0,
              0,
              new BlockStamp(9, Bytes32.ZERO, Instant.EPOCH)));
        });
    assertEquals(
        "DV523",
        assertInstanceOf(Result.Refused.class, verifier.verify(pinned, lying)).code());
  }

  @Test
  @Tag("T4")
  void verify_olderEpochOrSameEpochNotFinal_isRefused() {
    Commit first = commit(1, "", "one", 1);
    Endpoint endpoint = new Endpoint().commits(first, by(first, approvers.subList(0, 2)));
    assertRefused("DV522", pinned.following(2, Bytes32.sha256("two"), NOT_AFTER), endpoint);
    endpoint.finalized = 0;
    TrustState other = pinned.following(1, Bytes32.sha256("another one"), NOT_AFTER);
    assertRefused("DV524", other, endpoint);
    endpoint.finalized = 1;
    assertInstanceOf(Result.Newer.class, verifier.verify(other, endpoint));
    assertInstanceOf(
        Result.Unchanged.class,
        verifier.verify(pinned.following(1, first.root(), NOT_AFTER), endpoint));
  }

  @Test
  @Tag("T13")
  void verify_governanceChange_needsOldAndNewThreshold() {
    List<EvmSigner> thieves = VaultFixture.newKeys(1);
    Governance next = governance(thieves, 1);
    Bytes32 digest = approvals.digest(REF, VAULT, next, 2);
    Commit commit = commit(1, "", "one", 2);
    List<Approval> stolen = by(commit, thieves);
    List<Approval> byNew = VaultFixture.approvals(digest, thieves);
    assertRefused("DV525", changing(next, List.of(), byNew).commits(commit, stolen));
    assertRefused(
        "DV525",
        changing(next, VaultFixture.approvals(digest, approvers.subList(0, 1)), byNew)
            .commits(commit, stolen));
    List<Approval> byOld = VaultFixture.approvals(digest, approvers.subList(0, 2));
    assertRefused("DV525", changing(next, byOld, List.of()).commits(commit, stolen));
    Result.Newer newer = assertInstanceOf(
        Result.Newer.class,
        verifier.verify(pinned, changing(next, byOld, byNew).commits(commit, stolen)));
    assertEquals(2, newer.next().governanceVersion());
  }

  @Test
  @Tag("T13")
  void verify_approverWhoWasRemoved_isNotBelievedAnyMoreEvenBeforeTheNextCommit() {
    List<EvmSigner> old = approvers.subList(0, 2);
    List<EvmSigner> young = VaultFixture.newKeys(1);
    Governance next = governance(young, 1);
    Bytes32 digest = approvals.digest(REF, VAULT, next, 2);
    Commit first = commit(1, "", "one", 1);
    Commit forged = commit(2, "one", "two", 1);
    TrustState followed = pinned.following(1, first.root(), NOT_AFTER);
    Endpoint stolen =
        new Endpoint().commits(first, by(first, old)).commits(forged, by(forged, old));
    stolen.changes.add(new GovernanceChanged(VAULT, 2, next, List.of(), List.of(), 0, ORIGIN));
    Endpoint before = changing(
            next, VaultFixture.approvals(digest, old), VaultFixture.approvals(digest, young))
        .commits(first, by(first, old));
    TrustState governed = assertInstanceOf(
            Result.Unchanged.class, verifier.verify(followed, before))
        .next();
    assertEquals(2, governed.governanceVersion());
    assertRefused("DV525", governed, stolen);
  }

  @Test
  @Tag("T13")
  void verify_governanceChangeThatNobodyApproved_isDoubtedAndTheHeadStays() {
    Commit first = commit(1, "", "one", 1);
    TrustState followed = pinned.following(1, first.root(), NOT_AFTER);
    Endpoint lying = changing(governance(VaultFixture.newKeys(1), 1), List.of(), List.of())
        .commits(first, by(first, approvers.subList(0, 2)));
    Result.Unchanged result =
        assertInstanceOf(Result.Unchanged.class, verifier.verify(followed, lying));
    assertEquals(followed, result.next());
    assertEquals("DV525", result.doubt().orElseThrow().code());
  }

  private static Endpoint changing(Governance next, List<Approval> byOld, List<Approval> byNew) {
    Endpoint endpoint = new Endpoint();
    endpoint.changes.add(new GovernanceChanged(VAULT, 2, next, byOld, byNew, 0, ORIGIN));
    return endpoint;
  }

  @Test
  void verify_gapWithABrokenLink_isFollowedButTakesNoShortCut() {
    List<EvmSigner> two = approvers.subList(0, 2);
    Commit first = commit(1, "", "one", 1);
    Commit second = commit(2, "not one", "two", 1);
    Commit third = commit(3, "two", "three", 1);
    Endpoint broken = new Endpoint()
        .commits(first, by(first, two))
        .commits(second, by(second, two))
        .commits(third, by(third, two));
    TrustState state = pinned.following(1, first.root(), NOT_AFTER);
    assertEquals(
        List.of(),
        assertInstanceOf(Result.Newer.class, verifier.verify(state, broken)).path());
    Commit good = commit(2, "one", "two", 1);
    Endpoint whole = new Endpoint()
        .commits(first, by(first, two))
        .commits(good, by(good, two))
        .commits(third, by(third, two));
    assertEquals(
        List.of(good, third),
        assertInstanceOf(Result.Newer.class, verifier.verify(state, whole)).path());
    Endpoint unapproved = new Endpoint()
        .commits(first, by(first, two))
        .commits(good, List.of())
        .commits(third, by(third, two));
    assertEquals(
        List.of(),
        assertInstanceOf(Result.Newer.class, verifier.verify(state, unapproved)).path());
  }
}
