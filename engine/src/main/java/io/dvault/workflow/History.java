package io.dvault.workflow;

import io.dvault.cbor.MalformedCborException;
import io.dvault.ledger.ApprovalVerifier;
import io.dvault.ledger.ApprovalVerifier.Verdict;
import io.dvault.ledger.Commit;
import io.dvault.ledger.Governance;
import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.LedgerEvent.Committed;
import io.dvault.ledger.LedgerEvent.GovernanceChanged;
import io.dvault.ledger.LedgerEvent.Revoked;
import io.dvault.ledger.LedgerEvent.VaultCreated;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import io.dvault.registry.Acts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All commits of a vault as the chain tells them, held together by their links and checked against the governance of
 * their time: no hole can be hidden, whoever answers (docs/requirements.md O1, O2, S7).
 *
 * @param commits newest first
 * @param others guardians' acts and governance changes, in chain order; freezes have no links,
 *     so an endpoint could drop some
 * @param othersFrom the block from which on these were looked for
 * @param faults what does not hold together, in words; empty when all does
 */
public record History(
    Head head,
    List<Entry> commits,
    List<LedgerEvent> others,
    long othersFrom,
    List<String> faults) {
  private static final int MOST_GOVERNANCE_CHANGES = 10_000;
  private static final long MOST_BLOCKS = 200_000;
  private static final long BLOCKS_AT_ONCE = 10_000;

  /**
   * @param acts empty when the summary is not readable
   * @param approved whether enough approvers of that time signed
   */
  public record Entry(Committed event, Optional<Acts> acts, boolean approved) {
    public Commit commit() {
      return event.commit();
    }
  }

  /** @param limit how many of the newest to read */
  public static History read(Ledger ledger, ApprovalVerifier verifier, Head head, int limit) {
    List<String> faults = new ArrayList<>();
    Governances governances = governances(ledger, head, faults);
    List<Entry> entries = new ArrayList<>();
    long epoch = head.epoch();
    Bytes32 root = head.root();
    for (Committed event : ledger.history(head, limit)) {
      Commit commit = event.commit();
      if (commit.epoch() != epoch || !commit.root().equals(root)) {
        faults.add("epoch " + epoch + " with root " + root.abbreviated()
            + " is missing: the endpoint gave epoch " + commit.epoch() + " with root "
            + commit.root().abbreviated());
      }
      boolean approved = Optional.ofNullable(
              governances.byVersion().get(commit.governanceVersion()))
          .map(governance ->
              verifier.verify(verifier.digest(ledger.ref(), commit), governance, event.approvals()))
          .filter(Verdict.Approved.class::isInstance)
          .isPresent();
      if (!approved) {
        faults.add("epoch " + commit.epoch() + " is not approved under its governance");
      }
      entries.add(new Entry(event, acts(commit, faults), approved));
      epoch = commit.epoch() - 1;
      root = commit.prevRoot();
    }
    if (epoch > 0 && entries.size() < limit) {
      faults.add("epochs 1 to " + epoch + " are missing: the endpoint does not give them");
    }
    long latest = ledger.latestBlock().number();
    long from = Math.max(governances.createdAt(), latest - MOST_BLOCKS + 1);
    List<LedgerEvent> others = others(ledger, head.vault(), from, latest);
    revocations(head, others, from, faults);
    return new History(head, List.copyOf(entries), others, from, List.copyOf(faults));
  }

  /** Each revocation names the block of the one before: none is missing between the head's and {@code from}. */
  private static void revocations(
      Head head, List<LedgerEvent> others, long from, List<String> faults) {
    Map<Long, Long> previous = new HashMap<>();
    for (LedgerEvent event : others) {
      if (event instanceof Revoked revoked) {
        previous.merge(revoked.origin().block().number(), revoked.previousAt(), Math::min);
      }
    }
    long at = head.revokedAt();
    while (at >= from && at > 0) {
      long before = previous.getOrDefault(at, at);
      if (before >= at) {
        faults.add("a revocation in block " + at + " is missing: the endpoint does not give it");
        return;
      }
      at = before;
    }
  }

  private static Optional<Acts> acts(Commit commit, List<String> faults) {
    try {
      return Optional.of(Acts.decode(commit.acts()));
    } catch (MalformedCborException e) {
      faults.add("the summary of epoch " + commit.epoch() + " cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  private record Governances(Map<Long, Governance> byVersion, long createdAt) {}

  private static Governances governances(Ledger ledger, Head head, List<String> faults) {
    Map<Long, Governance> byVersion = new HashMap<>();
    long version = head.governanceVersion();
    long at = head.governanceChangedAt();
    for (int i = 0; i < MOST_GOVERNANCE_CHANGES; i++) {
      Optional<LedgerEvent> change = ledger.findGovernanceChange(head.vault(), at);
      if (change.isPresent() && change.get() instanceof GovernanceChanged changed) {
        byVersion.put(changed.version(), changed.next());
        version = changed.version() - 1;
        at = changed.previousAt();
      } else if (change.isPresent() && change.get() instanceof VaultCreated created) {
        byVersion.put(version, created.governance());
        return new Governances(byVersion, created.origin().block().number());
      } else {
        faults.add(
            "the governance change in block " + at + " is missing: the endpoint does not give it");
        return new Governances(byVersion, at);
      }
    }
    throw new IllegalStateException("more than " + MOST_GOVERNANCE_CHANGES + " governance changes");
  }

  private static List<LedgerEvent> others(Ledger ledger, VaultId vault, long from, long latest) {
    List<LedgerEvent> others = new ArrayList<>();
    for (long start = from; start <= latest; start += BLOCKS_AT_ONCE) {
      ledger.events(vault, start, Math.min(latest, start + BLOCKS_AT_ONCE - 1)).stream()
          .filter(event -> !(event instanceof Committed))
          .forEach(others::add);
    }
    return List.copyOf(others);
  }
}
