package io.dvault.ledger.evm;

import io.dvault.ledger.BlockStamp;
import io.dvault.ledger.Governance;
import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the contract at one address through k of n JSON-RPC endpoints. Opening does no I/O; every read checks the
 * chain id of the endpoint that answers. Safe for use by several threads.
 */
public final class EvmLedger implements Ledger {
  private final LedgerRef ref;

  private EvmLedger(LedgerRef ref) {
    this.ref = ref;
  }

  public static EvmLedger open(EndpointSettings settings, LedgerRef ref) {
    return new EvmLedger(ref);
  }

  /** The chain id that the endpoints agree on: for {@code init}, which does not know it yet. */
  public static long chainId(EndpointSettings settings) {
    throw new UnsupportedOperationException();
  }

  /** What endpoints said against the quorum in the most recent read; empty when all agreed. */
  public List<Disagreement> disagreements() {
    throw new UnsupportedOperationException();
  }

  /** O12: whether the code on chain is what the published source compiles to, immutables aside. */
  public boolean codeMatchesSource() {
    throw new UnsupportedOperationException();
  }

  @Override
  public LedgerRef ref() {
    return ref;
  }

  @Override
  public Optional<Bytes32> findCodeHash() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Head> findHead(VaultId vault) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Governance governance(VaultId vault) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<RevocationId> revoked(VaultId vault, Collection<RevocationId> ids) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<LedgerEvent.Committed> findCommit(VaultId vault, long committedAt) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<LedgerEvent> findGovernanceChange(VaultId vault, long changedAt) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<LedgerEvent.Committed> history(Head head, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<LedgerEvent> events(VaultId vault, long from, long to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public BlockStamp latestBlock() {
    throw new UnsupportedOperationException();
  }

  @Override
  public BlockStamp finalizedBlock() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
