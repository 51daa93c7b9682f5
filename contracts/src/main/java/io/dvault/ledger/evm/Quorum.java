package io.dvault.ledger.evm;

import io.dvault.ledger.BlockStamp;
import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerException;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Asks all endpoints and takes what k of n agree on. docs/threat-model.md T1, T3: fewer than k that
 * collude invent nothing, up to n−k that lag, lie or are silent hide nothing.
 */
final class Quorum {
  private record Vote<T>(ChainReader voter, T value) {}

  /**
   * A head without the block it was read at, and without the last revocation, which moves of its
   * own: endpoints are never at
   * the same block.
   */
  private record HeadKey(
      long epoch,
      Bytes32 root,
      Instant notAfter,
      long governanceVersion,
      boolean frozen,
      long committedAt,
      long governanceChangedAt) {
    static HeadKey of(Head head) {
      return new HeadKey(
          head.epoch(),
          head.root(),
          head.notAfter(),
          head.governanceVersion(),
          head.frozen(),
          head.committedAt(),
          head.governanceChangedAt());
    }
  }

  private final List<ChainReader> readers;
  private final int quorum;
  private Set<Disagreement> disagreements = Set.of(); // under the lock

  Quorum(List<ChainReader> readers, int quorum) {
    this.readers = List.copyOf(readers);
    this.quorum = quorum;
  }

  synchronized List<Disagreement> disagreements() {
    return List.copyOf(disagreements);
  }

  /** A look begins with the head; what is read after it, by whatever thread, belongs to the same look. */
  private synchronized void startOver(List<Disagreement> findings) {
    disagreements = new LinkedHashSet<>(findings);
  }

  private synchronized void note(List<Disagreement> findings) {
    if (!findings.isEmpty()) {
      Set<Disagreement> all = new LinkedHashSet<>(disagreements);
      all.addAll(findings);
      disagreements = all;
    }
  }

  /** The answer that k endpoints give equally. {@code what} completes "agree on". */
  <T> T agreed(String what, Function<ChainReader, T> read) {
    if (readers.size() == 1) {
      return only(read);
    }
    List<Disagreement> findings = new ArrayList<>();
    List<Vote<T>> votes = votes(read, findings);
    Map<T, List<Vote<T>>> byValue = votes.stream()
        .collect(Collectors.groupingBy(Vote::value, LinkedHashMap::new, Collectors.toList()));
    List<Vote<T>> largest =
        byValue.values().stream().max(Comparator.comparingInt(List::size)).orElse(List.of());
    if (largest.size() < quorum) {
      throw split(what, byValue.size(), findings);
    }
    votes.stream()
        .filter(vote -> !largest.contains(vote))
        .forEach(
            vote -> findings.add(new Disagreement(vote.voter().name(), "disagrees on " + what)));
    note(findings);
    return largest.getFirst().value();
  }

  /** The highest head that k endpoints support: by holding it now, or, when further ahead, by having held it. */
  Optional<Head> head(VaultId vault) {
    if (readers.size() == 1) {
      return only(reader -> reader.findHead(vault));
    }
    List<Disagreement> findings = new ArrayList<>();
    List<Vote<Optional<Head>>> votes = votes(reader -> reader.findHead(vault), findings);
    List<Vote<Optional<Head>>> absent =
        votes.stream().filter(vote -> vote.value().isEmpty()).toList();
    List<Vote<Head>> present = votes.stream()
        .filter(vote -> vote.value().isPresent())
        .map(vote -> new Vote<>(vote.voter(), vote.value().get()))
        .sorted(Comparator.comparingLong((Vote<Head> vote) -> vote.value().epoch())
            .thenComparingLong(vote -> vote.value().readAt().number())
            .reversed())
        .toList();
    for (HeadKey key :
        present.stream().map(vote -> HeadKey.of(vote.value())).distinct().toList()) {
      List<Vote<Head>> support = support(vault, key, present);
      if (support.size() >= quorum) {
        present.stream()
            .filter(vote -> !HeadKey.of(vote.value()).equals(key))
            .forEach(
                vote -> findings.add(new Disagreement(vote.voter().name(), said(vote.value()))));
        absent.forEach(
            vote -> findings.add(new Disagreement(vote.voter().name(), "knows no such vault")));
        startOver(findings);
        // The latest that any of them knows: of k, one is honest, and revocations themselves are
        // for a quorum to tell.
        long revokedAt =
            support.stream().mapToLong(vote -> vote.value().revokedAt()).max().orElse(0);
        return Optional.of(support.get(quorum - 1).value().withRevokedAt(revokedAt));
      }
    }
    if (absent.size() >= quorum) {
      present.forEach(
          vote -> findings.add(new Disagreement(vote.voter().name(), said(vote.value()))));
      startOver(findings);
      return Optional.empty();
    }
    present.forEach(
        vote -> findings.add(new Disagreement(vote.voter().name(), said(vote.value()))));
    startOver(findings);
    throw split("the head of vault " + vault.bytes().abbreviated(), present.size(), findings);
  }

  /** Votes for {@code key}, the newest block first: the k-th of them is a block that k endpoints have reached. */
  private List<Vote<Head>> support(VaultId vault, HeadKey key, List<Vote<Head>> present) {
    List<Vote<Head>> same = present.stream()
        .filter(vote -> HeadKey.of(vote.value()).equals(key))
        .sorted(
            Comparator.comparingLong((Vote<Head> vote) -> vote.value().readAt().number())
                .reversed())
        .toList();
    List<Vote<Head>> all = new ArrayList<>(same);
    long at = same.getFirst().value().readAt().number();
    for (Vote<Head> vote : present) {
      if (all.size() < quorum && vote.value().epoch() > key.epoch()) {
        held(vault, vote.voter(), at)
            .filter(head -> HeadKey.of(head).equals(key))
            .ifPresent(head -> all.add(new Vote<>(vote.voter(), head)));
      }
    }
    return all;
  }

  private static Optional<Head> held(VaultId vault, ChainReader voter, long block) {
    try {
      return voter.findHead(vault, block);
    } catch (LedgerException e) {
      return Optional.empty(); // no state of that block any more: no support
    }
  }

  private static String said(Head head) {
    return "says epoch " + head.epoch() + " with root " + head.root().abbreviated() + " at block "
        + head.readAt().number();
  }

  /** Ids that at least k endpoints call revoked: one liar can neither hide a revocation nor invent one. */
  Set<RevocationId> revoked(VaultId vault, List<RevocationId> ids) {
    List<Disagreement> findings = new ArrayList<>();
    List<Vote<Set<RevocationId>>> votes = votes(reader -> reader.revoked(vault, ids), findings);
    if (votes.size() < quorum) {
      throw split("revocations", votes.size(), findings);
    }
    Set<RevocationId> revoked = new HashSet<>();
    votes.forEach(
        vote -> revoked.addAll(vote.value())); // mostly nothing, of all that a fleet holds
    revoked.removeIf(
        id -> votes.stream().filter(vote -> vote.value().contains(id)).count() < quorum);
    votes.stream()
        .filter(vote -> !vote.value().equals(revoked))
        .forEach(vote ->
            findings.add(new Disagreement(vote.voter().name(), "disagrees on revocations")));
    note(findings);
    return Set.copyOf(revoked);
  }

  /** What the first endpoint with an answer says: for what endpoints never agree on. */
  <T> T any(Function<ChainReader, T> read) {
    List<Disagreement> findings = new ArrayList<>();
    return votes(read, findings).stream()
        .findFirst()
        .orElseThrow(() -> split("anything", 0, findings))
        .value();
  }

  /** The k-th highest block: one that k endpoints claim to have reached. */
  BlockStamp block(Function<ChainReader, BlockStamp> read) {
    List<Disagreement> findings = new ArrayList<>();
    List<Vote<BlockStamp>> votes = votes(read, findings);
    if (votes.size() < quorum) {
      throw split("the newest block", votes.size(), findings);
    }
    note(findings);
    return votes.stream()
        .map(Vote::value)
        .sorted(Comparator.comparingLong(BlockStamp::number).reversed())
        .toList()
        .get(quorum - 1);
  }

  private LedgerException split(String what, int answers, List<Disagreement> findings) {
    note(findings);
    if (readers.size() == 1) {
      return new LedgerException(findings.getFirst().what());
    }
    return new LedgerException(
        quorum + " of " + readers.size() + " RPC endpoints must agree on " + what + "; got "
            + (answers == 0
                ? "no answer. "
                : answers == 1 ? "1 answer. " : answers + " different answers. ")
            + findings.stream().map(Quorum::told).collect(Collectors.joining(" ")));
  }

  private static String told(Disagreement finding) {
    boolean named = finding.what().startsWith(finding.endpoint());
    return named ? finding.what() : finding.endpoint() + ": " + finding.what();
  }

  private <T> List<Vote<T>> votes(Function<ChainReader, T> read, List<Disagreement> findings) {
    if (readers.size() == 1) {
      return List.of(vote(readers.getFirst(), read));
    }
    List<Vote<T>> votes = new ArrayList<>();
    List<Future<T>> running = readers.stream()
        .<Future<T>>map(reader -> started(() -> read.apply(reader)))
        .toList();
    for (int i = 0; i < readers.size(); i++) {
      ChainReader reader = readers.get(i);
      try {
        votes.add(new Vote<>(reader, running.get(i).get()));
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof LedgerException cause)) {
          throw new IllegalStateException("reading a chain failed", e.getCause());
        }
        findings.add(new Disagreement(reader.name(), String.valueOf(cause.getMessage())));
      } catch (InterruptedException e) {
        running.forEach(task -> task.cancel(true));
        Thread.currentThread().interrupt();
        throw new LedgerException("interrupted while reading the chain", e);
      }
    }
    return votes;
  }

  /** The only endpoint has nobody to agree with. */
  private <T> T only(Function<ChainReader, T> read) {
    T value = vote(readers.getFirst(), read).value();
    startOver(List.of());
    return value;
  }

  /** The only endpoint's: its own exception says more than a count of votes. */
  private <T> Vote<T> vote(ChainReader only, Function<ChainReader, T> read) {
    try {
      return new Vote<>(only, read.apply(only));
    } catch (LedgerException e) {
      startOver(List.of(new Disagreement(only.name(), String.valueOf(e.getMessage()))));
      throw e;
    }
  }

  private static <T> Future<T> started(java.util.concurrent.Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread.ofVirtual().name("dvault-rpc").start(future);
    return future;
  }
}
