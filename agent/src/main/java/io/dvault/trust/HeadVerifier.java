package io.dvault.trust;

import io.dvault.ledger.ApprovalVerifier;
import io.dvault.ledger.ApprovalVerifier.Verdict;
import io.dvault.ledger.Commit;
import io.dvault.ledger.Governance;
import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.LedgerEvent.Committed;
import io.dvault.model.Bytes32;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether a head that endpoints claim may be followed. They can hide one, never make one: it must be approved
 * under governance that is reached from the pinned one, for the pinned chain, contract and vault.
 * docs/threat-model.md T1, T4, T7, T8.
 */
public final class HeadVerifier {
  /** Commits that are read to see what changed for us; past that, the tree is read instead. */
  private static final int MAX_GAP = 64;

  private final ApprovalVerifier approvals;
  private final GovernanceChain governances;
  private volatile boolean codeSeen;

  public HeadVerifier(ApprovalVerifier approvals) {
    this.approvals = approvals;
    this.governances = new GovernanceChain(approvals);
  }

  /** What a claimed head came to. */
  public sealed interface Result {
    /**
     * The head that was followed already, or a vault without a commit so far.
     *
     * @param next the state with the governance that is in force now
     * @param doubt why a claimed change of governance was not followed
     */
    record Unchanged(TrustState next, Optional<Refused> doubt) implements Result {}

    /**
     * Approved, and newer.
     *
     * @param commit the head's
     * @param path every commit from the one after the state's root to the head, each approved
     *     and linked to the one before;
     *     empty when there is no such complete path
     */
    record Newer(TrustState next, Commit commit, List<Commit> path) implements Result {}

    /** Not to be followed; what is installed stays. */
    record Refused(String code, String why) implements Result {}
  }

  /** Reads the head and everything that it takes to believe it; writes nothing. */
  public Result verify(TrustState state, Ledger ledger) {
    try {
      if (!codeSeen) {
        requirePinned(state, ledger);
      }
      Optional<Head> found = ledger.findHead(state.vault());
      if (found.isEmpty()) {
        throw new RefusedHead("DV527", "the contract does not know this vault (any more)");
      }
      Result result = verify(state, ledger, found.get());
      if (result instanceof Result.Newer && codeSeen) {
        requirePinned(
            state,
            ledger); // code is some 20 KiB: asked for at the start, and before anything changes
      }
      codeSeen = true;
      return result;
    } catch (RefusedHead e) {
      return new Result.Refused(e.code(), e.getMessage());
    }
  }

  /** T7: the same address on another chain, or other code at it, is another contract. */
  private static void requirePinned(TrustState state, Ledger ledger) throws RefusedHead {
    if (!ledger.ref().equals(state.ref())) {
      throw new RefusedHead("DV521", "expected " + state.ref() + ", asked " + ledger.ref());
    }
    Optional<Bytes32> code = ledger.findCodeHash();
    if (!code.equals(Optional.of(state.codeHash()))) {
      throw new RefusedHead(
          "DV521",
          "the code of " + state.ref().contract() + " is "
              + code.map(Bytes32::abbreviated).orElse("missing") + ", pinned is "
              + state.codeHash().abbreviated());
    }
  }

  private Result verify(TrustState state, Ledger ledger, Head head) throws RefusedHead {
    // TUF 5.3.5 and Uptane 5.4.4: versions never go back.
    if (head.epoch() < state.epoch()) {
      throw new RefusedHead(
          "DV522",
          "the endpoints say epoch " + head.epoch() + ", this device has followed epoch "
              + state.epoch());
    }
    boolean sameEpoch = head.epoch() == state.epoch();
    if (sameEpoch && (head.epoch() == 0 || head.root().equals(state.root()))) {
      return unchanged(state, ledger, head);
    }
    if (sameEpoch && ledger.finalizedBlock().number() < head.committedAt()) {
      throw new RefusedHead(
          "DV524",
          "epoch " + head.epoch() + " has another root than the one followed; waiting until block "
              + head.committedAt() + " is final");
    }
    TrustState governed = governances.follow(state, ledger, head);
    Commit commit = approved(state, governed, ledger, head);
    TrustState next = governed.following(commit.epoch(), commit.root(), commit.notAfter());
    return new Result.Newer(
        next, commit, sameEpoch ? List.of() : path(state, governed, ledger, head, commit));
  }

  /**
   * Governance is followed without a commit too, so that an approver who was removed is not
   * believed until the next.
   */
  private Result unchanged(TrustState state, Ledger ledger, Head head) {
    try {
      return new Result.Unchanged(governances.follow(state, ledger, head), Optional.empty());
    } catch (RefusedHead e) {
      return new Result.Unchanged(state, Optional.of(new Result.Refused(e.code(), e.getMessage())));
    }
  }

  private Commit approved(TrustState state, TrustState governed, Ledger ledger, Head head)
      throws RefusedHead {
    Committed event = ledger
        .findCommit(governed.vault(), head.committedAt())
        .orElseThrow(() -> new RefusedHead(
            "DV523",
            "no endpoint shows the approvals of epoch " + head.epoch() + " in block "
                + head.committedAt()));
    Commit commit = event.commit();
    if (!commit.vault().equals(governed.vault())
        || commit.epoch() != head.epoch()
        || !commit.root().equals(head.root())
        || !commit.notAfter().equals(head.notAfter())) {
      throw new RefusedHead(
          "DV523",
          "the head of epoch " + head.epoch() + " is not what block " + head.committedAt()
              + " committed");
    }
    requireApproved(state, governed, event);
    return commit;
  }

  private void requireApproved(TrustState state, TrustState governed, Committed event)
      throws RefusedHead {
    Commit commit = event.commit();
    // T13: what was replaced before this commit cannot have approved it. A stolen key of an
    // approver who was removed is
    // worth nothing on a device that has seen the removal.
    if (commit.governanceVersion() < state.governanceVersion()) {
      throw new RefusedHead(
          "DV525",
          "epoch " + commit.epoch() + " was approved under governance " + commit.governanceVersion()
              + ", which " + state.governanceVersion() + " had replaced by then");
    }
    Governance governance = governed
        .findGovernance(commit.governanceVersion())
        .orElseThrow(() -> new RefusedHead(
            "DV525",
            "epoch " + commit.epoch() + " was approved under governance "
                + commit.governanceVersion()
                + ", which this device has not followed; the next commit will do"));
    Verdict verdict =
        approvals.verify(approvals.digest(governed.ref(), commit), governance, event.approvals());
    if (verdict instanceof Verdict.Rejected rejected) {
      throw new RefusedHead(
          "DV523", "epoch " + commit.epoch() + " is not approved: " + rejected.why());
    }
  }

  /** Every commit in between, when the state's root is really the one that they start from; else nothing. */
  private List<Commit> path(
      TrustState state, TrustState governed, Ledger ledger, Head head, Commit last) {
    long gap = head.epoch() - state.epoch();
    if (gap == 1) {
      return last.prevRoot().equals(state.root()) ? List.of(last) : List.of();
    }
    if (gap > MAX_GAP) {
      return List.of();
    }
    Deque<Commit> path = new ArrayDeque<>();
    try {
      for (Committed event : ledger.history(head, (int) gap)) {
        requireApproved(state, governed, event);
        path.addFirst(event.commit());
      }
    } catch (RefusedHead e) {
      return List.of(); // the head itself is approved: only the short cut is not to be taken
    }
    Bytes32 root = state.root();
    long epoch = state.epoch();
    for (Commit commit : path) {
      if (commit.epoch() != ++epoch || !commit.prevRoot().equals(root)) {
        return List.of();
      }
      root = commit.root();
    }
    return root.equals(last.root()) ? List.copyOf(path) : List.of();
  }
}
