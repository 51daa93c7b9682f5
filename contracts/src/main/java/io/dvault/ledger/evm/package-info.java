/**
 * {@code io.dvault.ledger} on an EVM chain: JSON-RPC, ABI, signatures, nonces and fees, a quorum of endpoints, and the
 * processes of a local devnet. Owns every use of web3j; no web3j type leaves this package. Knows neither engine nor
 * agent nor blocks.
 */
package io.dvault.ledger.evm;
