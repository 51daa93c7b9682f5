/**
 * What a device believes and for how long: the pinned anchor, governance followed from there, the
 * highest epoch, revoked
 * ids and the time floor, on disk; and whether a claimed head may be followed
 * (docs/architecture.md, "The agent"). Must not know plugins.
 *
 * <p>Codes: DV520 trust state missing or damaged, DV521 other chain, contract or code than pinned, DV522 the epoch went
 * back, DV523 approvals do not hold, DV524 another root at the same epoch, not final yet, DV525 governance cannot be
 * followed, DV526 head stale, DV527 vault unknown on the chain, DV528 no endpoint answers.
 */
package io.dvault.trust;
