/**
 * Fixtures around a real chain for the tests of all modules: a vault with keys, a proxy that lies, a network of geth
 * nodes, and the conformance kit that every chain has to pass.
 */
package io.dvault.ledger.testing;
