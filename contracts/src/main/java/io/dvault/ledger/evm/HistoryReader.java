package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.BlockStamp;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.LedgerEvent.Committed;
import io.dvault.ledger.LedgerException;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What happened to a vault, as one endpoint tells it: from logs, else from calldata. */
final class HistoryReader {
  private static final int MAX_RANGE = 1 << 20;
  private static final int MAX_FIRST_WINDOW = 1024;

  private final ChainReader reader;
  private final CalldataReader calldata;

  HistoryReader(ChainReader reader) {
    this.reader = reader;
    this.calldata = new CalldataReader(reader);
  }

  /** Commits in block {@code at}, oldest first. */
  List<Committed> commits(VaultId vault, long at) {
    List<Committed> fromLogs =
        only(Committed.class, logs(vault, at, at, Optional.of(LogEntry.COMMITTED)));
    return fromLogs.isEmpty() ? calldata.commits(vault, at) : fromLogs;
  }

  Optional<Committed> findCommit(VaultId vault, long at) {
    List<Committed> all = commits(vault, at);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  Optional<LedgerEvent> findGovernanceChange(VaultId vault, long at) {
    List<LedgerEvent> fromLogs = logs(vault, at, at, Optional.empty()).stream()
        .filter(HistoryReader::governs)
        .toList();
    List<LedgerEvent> all = fromLogs.isEmpty() ? calldata.governanceChanges(vault, at) : fromLogs;
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  private static boolean governs(LedgerEvent event) {
    return event instanceof LedgerEvent.GovernanceChanged
        || event instanceof LedgerEvent.VaultCreated;
  }

  /**
   * All revocations up to {@code head}; empty when they are in more than {@code most} blocks, or
   * when the endpoint does not
   * show one: it drops logs, or numbers blocks in another way than the contract does.
   */
  Optional<Set<RevocationId>> findRevocations(Head head, int most) {
    Set<RevocationId> all = new HashSet<>();
    long at = head.revokedAt();
    for (int asked = 0; at > 0; asked++) {
      List<LedgerEvent.Revoked> there = asked == most
          ? List.of()
          : only(
              LedgerEvent.Revoked.class, logs(head.vault(), at, at, Optional.of(LogEntry.REVOKED)));
      there.forEach(each -> all.addAll(each.ids()));
      long previous =
          there.stream().mapToLong(LedgerEvent.Revoked::previousAt).min().orElse(at);
      if (previous >= at) { // nothing, or not the first of this block
        return Optional.empty();
      }
      at = previous;
    }
    return Optional.of(all);
  }

  /** All events in blocks {@code from} to {@code to}; halves a range that the endpoint does not answer at once. */
  List<LedgerEvent> events(VaultId vault, long from, long to) {
    if (from < 0 || to < from || to - from >= MAX_RANGE) {
      throw new LedgerException("cannot read events of blocks " + from + " to " + to + ": at most "
          + MAX_RANGE + " blocks at once");
    }
    return halving(vault, from, to, Optional.empty());
  }

  private List<LedgerEvent> halving(VaultId vault, long from, long to, Optional<Bytes32> event) {
    try {
      return logs(vault, from, to, event);
    } catch (LedgerException e) {
      // Each provider has its own limit of blocks or results, and its own words for it.
      boolean tooMuch =
          e instanceof Rpc.Refused || String.valueOf(e.getMessage()).contains("larger than");
      if (!tooMuch || from == to) {
        throw e;
      }
      long middle = from + (to - from) / 2;
      List<LedgerEvent> all = new ArrayList<>(halving(vault, from, middle, event));
      all.addAll(halving(vault, middle + 1, to, event));
      return all;
    }
  }

  /**
   * Follows the links back from {@code head}. Commits are fetched in growing windows of blocks ahead of the links;
   * where the logs have a hole, the block's calldata is asked.
   */
  List<Committed> history(Head head, int limit) {
    List<Committed> chain = new ArrayList<>();
    Map<Long, Committed> known = new HashMap<>();
    long epoch = head.epoch();
    long at = head.committedAt();
    Bytes32 root = head.root();
    long lowest = Long.MAX_VALUE;
    int window = 1;
    while (epoch > 0 && chain.size() < limit) {
      if (!known.containsKey(epoch) && at < lowest) {
        lowest = Math.max(0, at - window + 1);
        for (LedgerEvent event :
            halving(head.vault(), lowest, at, Optional.of(LogEntry.COMMITTED))) {
          if (event instanceof Committed commit) {
            known.put(commit.commit().epoch(), commit);
          }
        }
        window = Math.min(MAX_FIRST_WINDOW, window * 4);
      }
      Committed next = linked(head.vault(), known, epoch, at, root);
      chain.add(next);
      epoch--;
      at = next.previousAt();
      root = next.commit().prevRoot();
    }
    return List.copyOf(chain);
  }

  private Committed linked(
      VaultId vault, Map<Long, Committed> known, long epoch, long at, Bytes32 root) {
    Optional<Committed> fromLogs =
        Optional.ofNullable(known.get(epoch)).filter(found -> fits(found, at, root));
    return fromLogs
        .or(() -> commits(vault, at).stream()
            .filter(found -> found.commit().epoch() == epoch && fits(found, at, root))
            .findFirst())
        .orElseThrow(() -> new LedgerException(
            "The history has a hole: " + reader.name() + " does not show the commit "
                + "of epoch " + epoch + " with root " + root.abbreviated() + " in block " + at
                + ". Ask another endpoint, an archive node at best."));
  }

  private static boolean fits(Committed found, long at, Bytes32 root) {
    boolean first = found.commit().epoch() == 1;
    return found.origin().block().number() == at
        && found.commit().root().equals(root)
        && first == (found.previousAt() == 0)
        && found.previousAt() <= at
        && (!first || found.commit().prevRoot().equals(Bytes32.ZERO));
  }

  private List<LedgerEvent> logs(VaultId vault, long from, long to, Optional<Bytes32> event) {
    Json topic = event.<Json>map(hash -> Json.text(Hex.data(hash))).orElseGet(Json.Nothing::new);
    Json filter = Json.object(
        "address",
        reader.ref().contract().toString(),
        "fromBlock",
        ChainReader.number(from),
        "toBlock",
        ChainReader.number(to),
        "topics",
        Json.array(topic, Json.text(Hex.data(vault.bytes()))));
    Json answer = reader.ask("eth_getLogs", filter);
    List<LogEntry> logs =
        reader.understood(() -> LogEntry.parseAll(answer, reader.ref().contract())).stream()
            .filter(log -> log.isOf(vault) && (event.isEmpty() || log.is(event.get())))
            .toList();
    if (logs.stream().anyMatch(log -> log.block() < from || log.block() > to)) {
      throw new Rpc.Unusable(reader.name() + " answered with logs of other blocks, unasked.");
    }
    return decoded(logs);
  }

  private List<LedgerEvent> decoded(List<LogEntry> logs) {
    Map<String, LedgerEvent.Origin> origins = origins(logs);
    List<LedgerEvent> events = new ArrayList<>();
    for (LogEntry log : logs) {
      reader.understood(() -> log.decode(origins.get(log.transaction()))).ifPresent(events::add);
    }
    return List.copyOf(events);
  }

  /** Block times and senders of all {@code logs} in one batch. */
  private Map<String, LedgerEvent.Origin> origins(List<LogEntry> logs) {
    Map<String, LogEntry> byTransaction = new LinkedHashMap<>();
    logs.forEach(log -> byTransaction.putIfAbsent(log.transaction(), log));
    List<Long> blocks = logs.stream().map(LogEntry::block).distinct().toList();
    List<Rpc.Call> calls = new ArrayList<>();
    blocks.forEach(block -> calls.add(ChainReader.blockHeader(ChainReader.number(block))));
    byTransaction
        .keySet()
        .forEach(hash -> calls.add(Rpc.Call.of("eth_getTransactionByHash", Json.text(hash))));
    List<Json> answers = calls.isEmpty() ? List.of() : reader.askAll(calls);
    Map<Long, BlockStamp> stamps = new HashMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      Json block = answers.get(i);
      stamps.put(blocks.get(i), reader.understood(() -> ChainReader.stamp(block)));
    }
    Map<String, LedgerEvent.Origin> origins = new HashMap<>();
    int at = blocks.size();
    for (LogEntry log : byTransaction.values()) {
      Json transaction = answers.get(at++);
      BlockStamp stamp = stamps.get(log.block());
      if (!stamp.hash().equals(log.blockHash())) {
        throw new Rpc.Unusable(reader.name() + " changed its mind about block " + log.block()
            + " while we read (a reorg). Ask again.");
      }
      EvmAddress sender =
          reader.understood(() -> Hex.parseAddress(transaction.asObject().text("from")));
      origins.put(log.transaction(), new LedgerEvent.Origin(stamp, log.transaction(), sender));
    }
    return origins;
  }

  private static <T extends LedgerEvent> List<T> only(Class<T> type, List<LedgerEvent> events) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
