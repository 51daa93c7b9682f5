/**
 * {@code io.dvault.ledger} on an EVM chain: JSON-RPC, ABI, signatures, nonces and fees, a quorum of endpoints, and the
 * processes of a local devnet. Owns every use of web3j; no web3j type leaves this package. Knows neither engine nor
 * agent nor blocks.
 *
 * <p>Diagnostics: DV601 key not usable, DV602 keystore does not open, DV603 development key on a real chain, DV604 not
 * an address, DV701 anvil not found, DV702 anvil does not start. Failures of the chain are {@link
 * io.dvault.ledger.LedgerException}s, whose message is one or two whole sentences for the user.
 */
package io.dvault.ledger.evm;
