/**
 * A chain, the contract and a block gateway on this machine, for trying things out and for tests. Its keys are known to
 * everybody. Must not know plans, or who uses it.
 *
 * <p>Diagnostics: DV703 a port is taken, DV704 the devnet stopped by itself, DV705 no devnet runs here.
 */
package io.dvault.devnet;
