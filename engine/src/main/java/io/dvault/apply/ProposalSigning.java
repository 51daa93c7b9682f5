package io.dvault.apply;

import io.dvault.apply.ApplyCheckpoint.Step;
import io.dvault.ledger.Approval;
import io.dvault.ledger.ApprovalVerifier;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.LedgerWriter;
import io.dvault.ledger.LedgerWriter.CommitResult;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Adds an approver's signature to a proposal that was checked, and commits it once there are enough. */
public final class ProposalSigning {
  private final Ledger ledger;
  private final ApprovalVerifier verifier;

  public ProposalSigning(Ledger ledger, ApprovalVerifier verifier) {
    this.ledger = ledger;
    this.verifier = verifier;
  }

  /**
   * @param proposal with the approvals that count so far
   * @param done present when there were enough and the commit was made
   */
  public record Signed(Proposal proposal, int missing, Optional<CommitResult.Done> done) {}

  /** The head that the proposal builds on; DV301 or DV308 when it does not build on the present one. */
  public Head requireCurrent(Proposal proposal) {
    if (!proposal.ref().equals(ledger.ref())) {
      throw new DiagnosticException(Diagnostic.error(
          "DV308",
          "the proposal is for another vault",
          "It names contract " + proposal.ref().contract() + " on chain "
              + proposal.ref().chainId() + ".",
          "Nothing was signed."));
    }
    Head head = Committing.head(ledger, proposal.commit().vault());
    if (head.epoch() + 1 != proposal.commit().epoch()
        || !head.root().equals(proposal.commit().prevRoot())) {
      throw Committing.proposalIsOld(ledger, proposal.commit().epoch() - 1, head);
    }
    if (head.governanceVersion() != proposal.commit().governanceVersion()) {
      throw new DiagnosticException(
          Diagnostic.error(
              "DV308",
              "the proposal is for another governance",
              "It names governance " + proposal.commit().governanceVersion() + ", the vault has "
                  + head.governanceVersion() + ".",
              "Nothing was signed. If it is still needed, ask its proposer to run `dvault apply` again."));
    }
    return head;
  }

  /** Signs with those of {@code signers} that approve here (others are DV304), and commits if that is enough. */
  public Signed sign(
      Proposal proposal,
      List<EvmSigner> signers,
      Supplier<LedgerWriter> writer,
      ApplyCheckpoint crash) {
    Signed signed = collect(proposal, signers);
    if (signed.missing() > 0) {
      return signed;
    }
    crash.before(Step.SEND);
    CommitResult.Done done = Committing.send(
        writer.get(), ledger, proposal.commit(), signed.proposal().approvals());
    return new Signed(signed.proposal(), 0, Optional.of(done));
  }

  /** Signs likewise, and leaves the commit to somebody else. */
  public Signed collect(Proposal proposal, List<EvmSigner> signers) {
    Governance governance = ledger.governance(proposal.commit().vault());
    signers.forEach(signer -> ApplyPipeline.requireApprover(signer.address(), governance));
    Approving approving = new Approving(verifier, ledger.ref(), governance);
    List<Approval> genuine = approving.genuine(proposal.commit(), proposal.approvals());
    List<Approval> approvals = approving.collect(proposal.commit(), genuine, signers);
    boolean enough = approving.suffices(proposal.commit(), approvals);
    int missing = enough ? 0 : Math.max(1, governance.threshold() - approvals.size());
    return new Signed(proposal.with(approvals), missing, Optional.empty());
  }
}
