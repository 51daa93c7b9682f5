package io.dvault.apply;

import io.dvault.ledger.Approval;
import io.dvault.ledger.ApprovalVerifier;
import io.dvault.ledger.ApprovalVerifier.Verdict;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects approvals of a commit: those at hand, and those that came with a proposal. */
final class Approving {
  private final ApprovalVerifier verifier;
  private final LedgerRef ref;
  private final Governance governance;

  Approving(ApprovalVerifier verifier, LedgerRef ref, Governance governance) {
    this.verifier = verifier;
    this.ref = ref;
    this.governance = governance;
  }

  /** The approvals so far and those of {@code signers} that are approvers, ascending, at most the threshold of them. */
  List<Approval> collect(
      Commit commit, List<Approval> soFar, Collection<? extends EvmSigner> signers) {
    Bytes32 digest = verifier.digest(ref, commit);
    Map<EvmAddress, Approval> approvals = new TreeMap<>();
    soFar.forEach(approval -> approvals.put(approval.signer(), approval));
    for (EvmSigner signer : signers) {
      boolean wanted = governance.approvers().contains(signer.address())
          && approvals.size() < governance.threshold();
      if (wanted && !approvals.containsKey(signer.address())) {
        approvals.put(signer.address(), new Approval(signer.address(), signer.sign(digest)));
      }
    }
    return List.copyOf(approvals.values());
  }

  boolean suffices(Commit commit, List<Approval> approvals) {
    return verifier.verify(verifier.digest(ref, commit), governance, approvals)
        instanceof Verdict.Approved;
  }

  /** Those of {@code approvals} that are genuine signatures of approvers; others never count. */
  List<Approval> genuine(Commit commit, List<Approval> approvals) {
    Bytes32 digest = verifier.digest(ref, commit);
    List<Approval> genuine = new ArrayList<>();
    for (Approval approval : approvals) {
      Governance alone = new Governance(
          governance.approvers(), 1, governance.guardians(), governance.unfreezeDelay());
      if (verifier.verify(digest, alone, List.of(approval)) instanceof Verdict.Approved) {
        genuine.add(approval);
      }
    }
    genuine.sort(Comparator.comparing(Approval::signer));
    return genuine;
  }
}
