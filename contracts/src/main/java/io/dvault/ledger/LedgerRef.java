package io.dvault.ledger;

/** Which contract on which chain: half of what an approval binds, and what a device pins. */
public record LedgerRef(long chainId, EvmAddress contract) {}
