package io.dvault.ledger.evm;

import io.dvault.ledger.BlockStamp;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.LedgerRef;

/**
 * The contract on a chain, and what it cost to put it there.
 *
 * @param readAt the block of the deployment, or at which the contract was found
 * @param gasUsed 0 when it was there already
 */
public record ContractDeployment(LedgerRef ref, BlockStamp readAt, long gasUsed, boolean alreadyThere) {

  /**
   * Deploys the published bytecode with the key {@code gas}. When this key's first contract on the chain already is
   * that code (a devnet that was started before), that one is taken: a rerun changes nothing.
   */
  public static ContractDeployment deploy(EndpointSettings settings, EvmSigner gas) {
    throw new UnsupportedOperationException();
  }
}
