package io.dvault.ledger.evm;

import io.dvault.ledger.LedgerException;

/** The contract refused, at the estimate or in a block. */
final class Reverted extends LedgerException {
  private static final long serialVersionUID = 1L;
  private final transient ContractError error;

  Reverted(ContractError error) {
    super("The contract refused (" + error.name() + "): " + error.detail() + ".");
    this.error = error;
  }

  ContractError error() {
    return error;
  }
}
