package io.dvault.ledger;

import io.dvault.model.Bytes32;
import java.util.List;

/**
 * Checks approvals as the contract does, on the device, trusting no endpoint. docs/threat-model.md
 * T1, T8, T9.
 */
public interface ApprovalVerifier {
  /** The EIP-712 digest of {@code commit} under {@code ref}. */
  Bytes32 digest(LedgerRef ref, Commit commit);

  /** The EIP-712 digest of a governance change to {@code version}. */
  Bytes32 digest(LedgerRef ref, io.dvault.model.VaultId vault, Governance next, long version);

  Verdict verify(Bytes32 digest, Governance governance, List<Approval> approvals);

  sealed interface Verdict {
    record Approved(List<EvmAddress> by) implements Verdict {}

    record Rejected(String why) implements Verdict {}
  }
}
