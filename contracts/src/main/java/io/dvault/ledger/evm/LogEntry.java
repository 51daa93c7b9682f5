package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.LedgerEvent.Origin;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One log entry of IDVault, its place on the chain checked to be in one piece, its content not yet read. */
record LogEntry(
    long block, Bytes32 blockHash, String transaction, List<Bytes32> topics, byte[] data) {
  private static final String GOVERNANCE = "(address[],uint16,address[],uint64)";
  private static final String APPROVALS = "(address,bytes)[]";

  static final Bytes32 VAULT_CREATED =
      Keccak.hash("VaultCreated(bytes32,address," + GOVERNANCE + ")");
  static final Bytes32 COMMITTED =
      Keccak.hash("Committed(bytes32,uint64,bytes32,bytes32,uint256,uint64,bytes,uint64,"
          + APPROVALS + ",uint64)");
  static final Bytes32 GOVERNANCE_CHANGED = Keccak.hash("GovernanceChanged(bytes32,uint64,"
      + GOVERNANCE + "," + APPROVALS + "," + APPROVALS + ",uint64)");
  static final Bytes32 REVOKED = Keccak.hash("Revoked(bytes32,address,bytes32[],uint64)");
  static final Bytes32 FROZEN = Keccak.hash("Frozen(bytes32,address,uint64)");
  static final Bytes32 UNFROZEN = Keccak.hash("Unfrozen(bytes32," + APPROVALS + ")");

  /** Reads entries of {@code contract}; throws {@link Json.MalformedAnswer} when others are among them (O6). */
  static List<LogEntry> parseAll(Json logs, EvmAddress contract) {
    List<LogEntry> all = new ArrayList<>();
    for (Json item : logs.asList()) {
      Json.Obj log = item.asObject();
      boolean removed =
          log.find("removed").map(value -> value.equals(new Json.Bool(true))).orElse(false);
      if (!Hex.parseAddress(log.text("address")).equals(contract)) {
        throw new Json.MalformedAnswer("a log of another contract, unasked");
      }
      if (!removed) {
        all.add(parse(log));
      }
    }
    return List.copyOf(all);
  }

  static LogEntry parse(Json.Obj log) {
    return new LogEntry(
        Hex.parseQuantity(log.text("blockNumber")),
        Hex.parseBytes32(log.text("blockHash")),
        Hex.data(Hex.parseBytes32(log.text("transactionHash"))),
        log.get("topics").asList().stream()
            .map(topic -> Hex.parseBytes32(topic.asText()))
            .toList(),
        Hex.parseData(log.text("data")));
  }

  boolean isOf(VaultId vault) {
    return topics.size() >= 2 && topics.get(1).equals(vault.bytes());
  }

  boolean is(Bytes32 event) {
    return !topics.isEmpty() && topics.getFirst().equals(event);
  }

  /** Empty for an event that this version does not know. */
  Optional<LedgerEvent> decode(Origin origin) {
    if (topics.size() < 2) {
      throw new Json.MalformedAnswer("an event without a vault");
    }
    AbiReader fields = AbiReader.of(data);
    VaultId vault = new VaultId(topics.get(1));
    if (is(COMMITTED)) {
      return Optional.of(committed(vault, fields, origin));
    } else if (is(GOVERNANCE_CHANGED)) {
      return Optional.of(new LedgerEvent.GovernanceChanged(
          vault,
          number(2),
          AbiTypes.governance(fields.tuple(0)),
          AbiTypes.approvals(fields, 1),
          AbiTypes.approvals(fields, 2),
          fields.number(3),
          origin));
    } else if (is(VAULT_CREATED)) {
      return Optional.of(new LedgerEvent.VaultCreated(
          vault, address(2), AbiTypes.governance(fields.tuple(0)), origin));
    } else if (is(REVOKED)) {
      return Optional.of(new LedgerEvent.Revoked(
          vault, address(2), AbiTypes.revocations(fields, 0), fields.number(1), origin));
    } else if (is(FROZEN)) {
      return Optional.of(new LedgerEvent.Frozen(vault, address(2), fields.time(0), origin));
    } else if (is(UNFROZEN)) {
      return Optional.of(new LedgerEvent.Unfrozen(vault, AbiTypes.approvals(fields, 0), origin));
    }
    return Optional.empty();
  }

  private LedgerEvent.Committed committed(VaultId vault, AbiReader fields, Origin origin) {
    Commit commit = new Commit(
        vault,
        number(2),
        fields.bytes32(0),
        fields.bytes32(1),
        fields.bytes32(2),
        fields.time(3),
        fields.bytes(4, Commit.MAX_ACTS),
        fields.number(5));
    return new LedgerEvent.Committed(
        commit, AbiTypes.approvals(fields, 6), fields.number(7), origin);
  }

  private long number(int topic) {
    BigInteger value = new BigInteger(1, topic(topic).toArray());
    if (value.bitLength() > 63) {
      throw new Json.MalformedAnswer("number out of range");
    }
    return value.longValue();
  }

  private EvmAddress address(int topic) {
    return AbiReader.of(topic(topic).toArray()).address(0);
  }

  private Bytes32 topic(int index) {
    if (index >= topics.size()) {
      throw new Json.MalformedAnswer("an event with too few topics");
    }
    return topics.get(index);
  }
}
