package io.dvault.ledger;

import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.util.List;

/**
 * Sends transactions, paid by one gas key. Each method returns when the transaction is in a block, bumping the fee when
 * it lingers, and never sends twice: a rerun finds the one that is pending or done.
 */
public interface LedgerWriter extends AutoCloseable {
  EvmAddress sender();

  /** Idempotent for the same sender and salt: keccak256(sender, salt). */
  VaultId createVault(Bytes32 salt, Governance governance);

  /** Moves the head, or says who was faster. */
  CommitResult commit(Commit commit, List<Approval> approvals);

  void setGovernance(
      VaultId vault, Governance next, List<Approval> approvalsOld, List<Approval> approvalsNew);

  void revoke(VaultId vault, List<RevocationId> ids);

  void freeze(VaultId vault);

  void unfreeze(VaultId vault, List<Approval> approvals);

  /** Expected outcomes of a commit; anything else is a {@link LedgerException}. */
  sealed interface CommitResult {
    record Done(LedgerEvent.Committed event, long gasUsed) implements CommitResult {}

    /** Somebody else committed first: the head is now this one. Nothing was changed. */
    record Stale(Head head) implements CommitResult {}

    /** The contract refused: the custom error and what it expected, in words. */
    record Refused(String error, String detail) implements CommitResult {}
  }

  @Override
  void close();
}
