package io.dvault.ledger.evm;

/**
 * A finding: one endpoint said something other than the quorum, or nothing usable.
 *
 * @param endpoint its URL, with keys redacted
 * @param what what it said, in words
 */
public record Disagreement(String endpoint, String what) {}
