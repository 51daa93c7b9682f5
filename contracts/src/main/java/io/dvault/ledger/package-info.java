/**
 * What dVault reads from and writes to a chain, in the words of schemas/spec/contract.md. No web3j
 * type appears in a signature: every vendor type stays in {@code ledger.evm}.
 */
package io.dvault.ledger;
