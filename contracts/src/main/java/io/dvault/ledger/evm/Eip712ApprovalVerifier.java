package io.dvault.ledger.evm;

import io.dvault.ledger.Approval;
import io.dvault.ledger.ApprovalVerifier;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Approvals as the contract checks them, in Java: {@code DVault._requireApproved}, rule by rule. */
public final class Eip712ApprovalVerifier implements ApprovalVerifier {
  /** Decides for approvers that are contracts (ERC-1271). */
  private interface Contracts {
    boolean accepts(EvmAddress signer, Bytes32 digest, byte[] signature);
  }

  private final Optional<Contracts> contracts;

  /** Knows keys only: an approver that is a contract (ERC-1271) is rejected. Trusts no endpoint. */
  public Eip712ApprovalVerifier() {
    this.contracts = Optional.empty();
  }

  /**
   * Asks {@code ledger} about approvals that no key gave (ERC-1271). Such an answer is a claim of the endpoints, not a
   * proof: hence only with a quorum that the caller trusts.
   */
  public Eip712ApprovalVerifier(EvmLedger ledger) {
    this.contracts = Optional.of(ledger::acceptsSignature);
  }

  @Override
  public Bytes32 digest(LedgerRef ref, Commit commit) {
    return Eip712.digest(ref, commit);
  }

  @Override
  public Bytes32 digest(LedgerRef ref, VaultId vault, Governance next, long version) {
    return Eip712.digest(ref, vault, next, version);
  }

  /**
   * The digest of an unfreeze.
   *
   * @param freezes how often the vault was frozen: {@link EvmLedger#freezes}
   */
  public Bytes32 unfreezeDigest(
      LedgerRef ref, VaultId vault, long freezes, long governanceVersion) {
    return Eip712.unfreezeDigest(ref, vault, freezes, governanceVersion);
  }

  @Override
  public Verdict verify(Bytes32 digest, Governance governance, List<Approval> approvals) {
    Optional<String> flaw = flaw(governance);
    if (flaw.isPresent()) {
      return new Verdict.Rejected(flaw.get());
    }
    if (approvals.size() < governance.threshold()) {
      return new Verdict.Rejected(
          governance.threshold() + " approvals are needed, got " + approvals.size());
    }
    Set<EvmAddress> approvers = new HashSet<>(governance.approvers());
    List<EvmAddress> by = new ArrayList<>();
    for (Approval approval : approvals) {
      EvmAddress signer = approval.signer();
      if (!by.isEmpty() && signer.compareTo(by.getLast()) <= 0) {
        return new Verdict.Rejected(
            "signers do not strictly ascend: " + signer + " follows " + by.getLast());
      }
      if (!approvers.contains(signer)) {
        return new Verdict.Rejected(EvmKeys.checksummed(signer) + " is no approver");
      }
      if (!signed(approval, digest)) {
        return new Verdict.Rejected(
            "the approval of " + EvmKeys.checksummed(signer) + " does not sign this");
      }
      by.add(signer);
    }
    return new Verdict.Approved(List.copyOf(by));
  }

  private boolean signed(Approval approval, Bytes32 digest) {
    return Secp256k1.recover(digest, approval.signature())
            .filter(approval.signer()::equals)
            .isPresent()
        || contracts.isPresent()
            && contracts.get().accepts(approval.signer(), digest, approval.signature());
  }

  // A threshold of zero would approve everything: governance that the contract cannot hold is no
  // governance.
  private static Optional<String> flaw(Governance governance) {
    return governance.threshold() < 1
            || governance.threshold() > governance.approvers().size()
        ? Optional.of("the threshold " + governance.threshold() + " of "
            + governance.approvers().size() + " approvers is impossible")
        : Optional.empty();
  }
}
