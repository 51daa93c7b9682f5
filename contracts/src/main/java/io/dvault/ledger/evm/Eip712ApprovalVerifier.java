package io.dvault.ledger.evm;

import io.dvault.ledger.Approval;
import io.dvault.ledger.ApprovalVerifier;
import io.dvault.ledger.Commit;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.util.List;

/** Approvals as the contract checks them, in Java. */
public final class Eip712ApprovalVerifier implements ApprovalVerifier {

  /** Knows keys only: an approver that is a contract (ERC-1271) is rejected, with words that say so. */
  public Eip712ApprovalVerifier() {}

  /**
   * Asks {@code ledger} about approvers that are contracts (ERC-1271). Such an answer is a claim of the endpoints, not
   * a proof: hence only with a quorum that the caller trusts.
   */
  public Eip712ApprovalVerifier(EvmLedger ledger) {}

  @Override
  public Bytes32 digest(LedgerRef ref, Commit commit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Bytes32 digest(LedgerRef ref, VaultId vault, Governance next, long version) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Verdict verify(Bytes32 digest, Governance governance, List<Approval> approvals) {
    throw new UnsupportedOperationException();
  }
}
