package io.dvault.apply;

import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.LedgerWriter;
import io.dvault.ledger.LedgerWriter.CommitResult;
import io.dvault.model.Durations;
import io.dvault.model.VaultId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finishes what a killed apply had approved and maybe sent, so that nothing is issued twice; everything else that it
 * left starts over with the next plan (docs/requirements.md S2).
 */
public final class Recovery {
  /** An older one is not sent any more: the lives in it began too long ago. Compare-and-swap makes that safe. */
  private static final Duration RESUMABLE = Duration.ofMinutes(10);

  private static final int MOST_EPOCHS = 1000;

  private Recovery() {}

  /** What became of an apply that was interrupted. */
  public sealed interface Found {
    /** It had got no further than to publish blocks, which nothing refers to. */
    record NothingApproved() implements Found {}

    /** Its commit is on the chain: it died between sending and cleaning up. */
    record Committed(long epoch, ChangeCounts tally) implements Found {}

    /** Its commit was approved and not on the chain; this run has sent it. */
    record Resumed(long epoch, ChangeCounts tally) implements Found {}

    /** Its commit was approved, is not on the chain, and is not sent any more. */
    record GivenUp(long epoch, String why) implements Found {}
  }

  /** @param writer opened only if something is to be sent */
  public static List<Found> finish(
      Path folder,
      Ledger ledger,
      VaultId vault,
      java.util.function.Supplier<LedgerWriter> writer,
      Instant now) {
    List<Found> found = new ArrayList<>();
    for (Journal journal : Journal.leftBehind(folder)) {
      try (journal) {
        Optional<JournalEntry> entry = journal.read(ledger.ref(), vault);
        found.add(
            entry.isPresent()
                ? finish(entry.get(), ledger, writer, now)
                : new Found.NothingApproved());
        journal.discard();
      }
    }
    return found;
  }

  private static Found finish(
      JournalEntry entry,
      Ledger ledger,
      java.util.function.Supplier<LedgerWriter> writer,
      Instant now) {
    Head head = Committing.head(ledger, entry.commit().vault());
    long epoch = entry.commit().epoch();
    if (head.epoch() >= epoch) {
      return isOnChain(entry, ledger, head)
          ? new Found.Committed(epoch, entry.tally())
          : new Found.GivenUp(epoch, "another commit took that epoch");
    }
    boolean sameBase =
        head.epoch() == epoch - 1 && head.root().equals(entry.commit().prevRoot());
    if (!sameBase) {
      return new Found.GivenUp(epoch, "the vault is at another epoch now");
    }
    if (now.isAfter(entry.at().plus(RESUMABLE))) {
      return new Found.GivenUp(epoch, "it is older than " + Durations.format(RESUMABLE));
    }
    return switch (writer.get().commit(entry.commit(), entry.approvals())) {
      case CommitResult.Done done -> new Found.Resumed(epoch, entry.tally());
      case CommitResult.Stale stale ->
        new Found.GivenUp(epoch, "another commit was made meanwhile");
      case CommitResult.Refused refused ->
        new Found.GivenUp(epoch, "the contract refused it: " + refused.error());
    };
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
