package io.dvault.apply;

import io.dvault.ledger.Approval;
import io.dvault.ledger.Commit;
import io.dvault.ledger.LedgerRef;
import java.time.Instant;
import java.util.List;

/**
 * A commit that was approved and may have been sent: enough to finish it, and no secret.
 *
 * @param tally what it does, for the closing line of whoever finishes it
 */
public record JournalEntry(
    LedgerRef ref, Commit commit, List<Approval> approvals, ChangeCounts tally, Instant at) {
  public JournalEntry {
    approvals = List.copyOf(approvals);
  }
}
