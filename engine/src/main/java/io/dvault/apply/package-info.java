/**
 * From a plan to a head: issue, seal, put, read back, approve, commit; with a journal that makes a rerun finish or
 * start over. Must not know YAML or picocli. Holds private keys only between issue and seal, in memory.
 *
 * <p>Diagnostics: DV301 somebody else committed first, DV303 the contract refused the commit, DV304 an approver is
 * missing, DV305 the vault is frozen, DV307 the proposal is not
 * what the plan says, DV308 the proposal is stale or cannot be read, DV309 the entry could not be issued.
 */
package io.dvault.apply;
