package io.dvault.trust;

import io.dvault.ledger.Approval;
import io.dvault.ledger.ApprovalVerifier;
import io.dvault.ledger.ApprovalVerifier.Verdict;
import io.dvault.ledger.Governance;
import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.LedgerEvent.GovernanceChanged;
import io.dvault.model.Bytes32;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows changes of governance from the pinned one on, each approved by the one before and by
 * itself. docs/threat-model.md T8.
 */
final class GovernanceChain {
  private static final int MAX_CHANGES = 1_000;
  private final ApprovalVerifier approvals;

  GovernanceChain(ApprovalVerifier approvals) {
    this.approvals = approvals;
  }

  /** From the newest governance that we know to the head's, step by step. */
  TrustState follow(TrustState state, Ledger ledger, Head head) throws RefusedHead {
    long known = state.governanceVersion();
    if (head.governanceVersion() < known) {
      throw new RefusedHead(
          "DV522",
          "the endpoints say governance " + head.governanceVersion() + ", this device has followed "
              + known);
    }
    if (head.governanceVersion() - known > MAX_CHANGES) {
      throw new RefusedHead(
          "DV525", "more than " + MAX_CHANGES + " governance changes to follow; enroll again");
    }
    List<GovernanceChanged> steps = new ArrayList<>();
    long at = head.governanceChangedAt();
    for (long version = head.governanceVersion(); version > known; version--) {
      long block = at;
      LedgerEvent event = ledger
          .findGovernanceChange(state.vault(), block)
          .orElseThrow(() -> new RefusedHead(
              "DV525", "no endpoint shows the governance change in block " + block));
      if (!(event instanceof GovernanceChanged change) || change.version() != version) {
        throw new RefusedHead(
            "DV525", "block " + block + " holds no change to governance " + version);
      }
      steps.addFirst(change);
      at = change.previousAt();
    }
    TrustState governed = state;
    for (GovernanceChanged step : steps) {
      Bytes32 digest = approvals.digest(state.ref(), state.vault(), step.next(), step.version());
      require(
          digest,
          governed.findGovernance(step.version() - 1).orElseThrow(),
          step.approvalsOld(),
          step,
          "old");
      require(digest, step.next(), step.approvalsNew(), step, "new");
      governed = governed.withGovernance(step.version(), step.next());
    }
    return governed;
  }

  private void require(
      Bytes32 digest, Governance by, List<Approval> signed, GovernanceChanged step, String which)
      throws RefusedHead {
    if (approvals.verify(digest, by, signed) instanceof Verdict.Rejected rejected) {
      throw new RefusedHead(
          "DV525",
          "governance " + step.version() + " lacks approvals of the " + which + " approvers: "
              + rejected.why());
    }
  }
}
