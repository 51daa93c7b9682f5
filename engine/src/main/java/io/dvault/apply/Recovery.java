package io.dvault.apply;

import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.LedgerWriter;
import io.dvault.ledger.LedgerWriter.CommitResult;
import io.dvault.model.VaultId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finishes what a killed apply had approved and maybe sent, so that nothing is issued twice; everything else that it
 * left starts over with the next plan (FEATURES S2).
 */
public final class Recovery {
  /** An older one is not sent any more: the lives in it began too long ago. Compare-and-swap makes that safe. */
  private static final Duration RESUMABLE = Duration.ofMinutes(10);

  private static final int MOST_EPOCHS = 1000;

  private Recovery() {}

  /** @param resumed whether this run sent it; else it was on the chain already */
  public record Finished(long epoch, Tally tally, boolean resumed) {}

  /** @param writer opened only if something is to be sent */
  public static List<Finished> finish(
      Path folder, Ledger ledger, VaultId vault, java.util.function.Supplier<LedgerWriter> writer, Instant now) {
    List<Finished> finished = new ArrayList<>();
    for (Journal journal : Journal.leftBehind(folder)) {
      try (journal) {
        Optional<JournalEntry> entry = journal.read(ledger.ref(), vault);
        if (entry.isPresent()) {
          finish(entry.get(), ledger, writer, now).ifPresent(finished::add);
        }
        journal.discard();
      }
    }
    return finished;
  }

  private static Optional<Finished> finish(
      JournalEntry entry, Ledger ledger, java.util.function.Supplier<LedgerWriter> writer, Instant now) {
    Head head = Committing.head(ledger, entry.commit().vault());
    long epoch = entry.commit().epoch();
    if (head.epoch() >= epoch) {
      return isOnChain(entry, ledger, head) ? Optional.of(new Finished(epoch, entry.tally(), false)) : Optional.empty();
    }
    boolean sameBase = head.epoch() == epoch - 1 && head.root().equals(entry.commit().prevRoot());
    if (!sameBase || now.isAfter(entry.at().plus(RESUMABLE))) {
      return Optional.empty();
    }
    return writer.get().commit(entry.commit(), entry.approvals()) instanceof CommitResult.Done
        ? Optional.of(new Finished(epoch, entry.tally(), true))
        : Optional.empty();
  }

  private static boolean isOnChain(JournalEntry entry, Ledger ledger, Head head) {
    long back = head.epoch() - entry.commit().epoch();
    if (back == 0) {
      return head.root().equals(entry.commit().root());
    }
    if (back >= MOST_EPOCHS) {
      return false;
    }
    List<LedgerEvent.Committed> history = ledger.history(head, (int) back + 1);
    return history.stream().anyMatch(event -> event.commit().equals(entry.commit()));
  }
}
