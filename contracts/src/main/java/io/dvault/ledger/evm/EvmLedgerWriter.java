package io.dvault.ledger.evm;

import io.dvault.ledger.Approval;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.LedgerWriter;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.util.List;

/** Sends the transactions of {@link LedgerWriter}; one instance per gas key, used by one thread at a time. */
public final class EvmLedgerWriter implements LedgerWriter {
  private final EvmSigner gas;

  private EvmLedgerWriter(EvmSigner gas) {
    this.gas = gas;
  }

  /**
   * Does no I/O. Throws {@link io.dvault.model.DiagnosticException} (DV603) when {@code gas} is a well-known devnet key
   * and the chain is not a local devnet (SECURITY T37). Closing the writer leaves {@code gas} open.
   */
  public static EvmLedgerWriter open(EndpointSettings settings, LedgerRef ref, EvmSigner gas) {
    return new EvmLedgerWriter(gas);
  }

  @Override
  public EvmAddress sender() {
    return gas.address();
  }

  @Override
  public VaultId createVault(Bytes32 salt, Governance governance) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CommitResult commit(Commit commit, List<Approval> approvals) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setGovernance(
      VaultId vault, Governance next, List<Approval> approvalsOld, List<Approval> approvalsNew) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void revoke(VaultId vault, List<RevocationId> ids) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void freeze(VaultId vault) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void unfreeze(VaultId vault, List<Approval> approvals) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
