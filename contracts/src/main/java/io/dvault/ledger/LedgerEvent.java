package io.dvault.ledger;

import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.time.Instant;
import java.util.List;

/** What happened to a vault, in the order of the chain. */
public sealed interface LedgerEvent {
  VaultId vault();

  Origin origin();

  /**
   * Where an event comes from.
   *
   * @param transaction 0x and 64 hex digits
   * @param sender who paid for the transaction (a relayer or an approver)
   */
  record Origin(BlockStamp block, String transaction, EvmAddress sender) {}

  record VaultCreated(VaultId vault, EvmAddress creator, Governance governance, Origin origin)
      implements LedgerEvent {}

  /** @param previousAt block number of the commit before, 0 for the first */
  record Committed(Commit commit, List<Approval> approvals, long previousAt, Origin origin)
      implements LedgerEvent {
    @Override
    public VaultId vault() {
      return commit.vault();
    }
  }

  /** @param previousAt block number of the change before, or of the creation */
  record GovernanceChanged(
      VaultId vault,
      long version,
      Governance next,
      List<Approval> approvalsOld,
      List<Approval> approvalsNew,
      long previousAt,
      Origin origin)
      implements LedgerEvent {}

  /** @param previousAt block number of the revocation before, 0 for the first */
  record Revoked(
      VaultId vault, EvmAddress guardian, List<RevocationId> ids, long previousAt, Origin origin)
      implements LedgerEvent {}

  record Frozen(VaultId vault, EvmAddress guardian, Instant earliestUnfreeze, Origin origin)
      implements LedgerEvent {}

  record Unfrozen(VaultId vault, List<Approval> approvals, Origin origin) implements LedgerEvent {}
}
