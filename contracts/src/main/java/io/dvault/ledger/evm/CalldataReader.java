package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.Approval;
import io.dvault.ledger.BlockStamp;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.LedgerEvent.Committed;
import io.dvault.ledger.LedgerException;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rebuilds events from the transactions of a block, for endpoints that drop logs
 * (docs/threat-model.md T2). Finds calls made to the contract directly; what another contract
 * relays shows in logs alone. Nothing here needs trust: the approvals in the calldata sign every
 * field, so that a wrong guess does not verify.
 */
final class CalldataReader {
  private record Transaction(String hash, EvmAddress from, byte[] input, BlockStamp block) {
    boolean calls(byte[] selector) {
      return input.length > selector.length
          && Arrays.equals(input, 0, selector.length, selector, 0, selector.length);
    }

    LedgerEvent.Origin origin() {
      return new LedgerEvent.Origin(block, hash, from);
    }
  }

  private final ChainReader reader;

  CalldataReader(ChainReader reader) {
    this.reader = reader;
  }

  /** Commits in block {@code at}, oldest first. */
  List<Committed> commits(VaultId vault, long at) {
    List<Transaction> calls = calls(at, Abi.COMMIT, vault);
    if (calls.isEmpty()) {
      return List.of();
    }
    Optional<AbiTypes.HeadState> before = at == 0 ? Optional.empty() : stateAt(vault, at - 1);
    long versionAfter =
        stateAt(vault, at).map(AbiTypes.HeadState::governanceVersion).orElse(1L);
    long versionBefore = before.map(AbiTypes.HeadState::governanceVersion).orElse(versionAfter);
    Bytes32 root = before.map(AbiTypes.HeadState::root).orElse(Bytes32.ZERO);
    long epoch = before.map(AbiTypes.HeadState::epoch).orElse(0L);
    long previousAt = before.map(AbiTypes.HeadState::committedAt).orElse(0L);
    List<Committed> all = new ArrayList<>();
    for (Transaction call : calls) {
      AbiReader fields = AbiReader.afterSelector(call.input());
      if (fields.number(1) == epoch) {
        List<Approval> approvals = AbiTypes.approvals(fields, 6);
        Commit commit = signed(fields, root, approvals, versionBefore, versionAfter);
        all.add(new Committed(commit, approvals, previousAt, call.origin()));
        epoch = commit.epoch();
        root = commit.root();
        previousAt = at;
      }
    }
    return List.copyOf(all);
  }

  /** Creations and governance changes in block {@code at}, oldest first. */
  List<LedgerEvent> governanceChanges(VaultId vault, long at) {
    List<LedgerEvent> all = new ArrayList<>();
    for (Transaction call : calls(at, Abi.CREATE_VAULT, vault)) {
      Governance first =
          AbiTypes.governance(AbiReader.afterSelector(call.input()).tuple(1));
      all.add(new LedgerEvent.VaultCreated(vault, call.from(), first, call.origin()));
    }
    List<Transaction> changes = calls(at, Abi.SET_GOVERNANCE, vault);
    if (!changes.isEmpty()) {
      Optional<AbiTypes.HeadState> before = at == 0 ? Optional.empty() : stateAt(vault, at - 1);
      long version = before.map(AbiTypes.HeadState::governanceVersion).orElse(1L);
      long previousAt = before.map(AbiTypes.HeadState::governanceChangedAt).orElse(at);
      for (Transaction call : changes) {
        AbiReader fields = AbiReader.afterSelector(call.input());
        version++;
        all.add(new LedgerEvent.GovernanceChanged(
            vault,
            version,
            AbiTypes.governance(fields.tuple(1)),
            AbiTypes.approvals(fields, 2),
            AbiTypes.approvals(fields, 3),
            previousAt,
            call.origin()));
        previousAt = at;
      }
    }
    return List.copyOf(all);
  }

  // A block that also changes the governance leaves open which version a commit in it was signed
  // under.
  private Commit signed(
      AbiReader fields,
      Bytes32 prevRoot,
      List<Approval> approvals,
      long versionBefore,
      long versionAfter) {
    Commit first = commit(fields, prevRoot, versionBefore);
    return Stream.iterate(versionBefore, version -> version <= versionAfter, version -> version + 1)
        .limit(16)
        .map(version -> commit(fields, prevRoot, version))
        .filter(candidate -> approvals.stream().anyMatch(approval -> signs(approval, candidate)))
        .findFirst()
        .orElse(first);
  }

  private boolean signs(Approval approval, Commit commit) {
    return Secp256k1.recover(Eip712.digest(reader.ref(), commit), approval.signature())
        .filter(approval.signer()::equals)
        .isPresent();
  }

  private static Commit commit(AbiReader fields, Bytes32 prevRoot, long version) {
    return new Commit(
        new VaultId(fields.bytes32(0)),
        fields.number(1) + 1,
        prevRoot,
        fields.bytes32(2),
        fields.bytes32(3),
        fields.time(4),
        fields.bytes(5, Commit.MAX_ACTS),
        version);
  }

  /** Successful calls of one function for {@code vault}, in the order of the block, with calldata that parses. */
  private List<Transaction> calls(long at, byte[] selector, VaultId vault) {
    Json block = reader.ask("eth_getBlockByNumber", ChainReader.number(at), Json.bool(true));
    if (block instanceof Json.Nothing) {
      return List.of();
    }
    List<Transaction> candidates = reader.understood(() -> transactions(block.asObject())).stream()
        .filter(call -> call.calls(selector) && parses(call, selector, vault))
        .toList();
    if (candidates.isEmpty()) {
      return List.of();
    }
    List<Json> receipts = reader.askAll(candidates.stream()
        .map(call -> Rpc.Call.of("eth_getTransactionReceipt", Json.text(call.hash())))
        .toList());
    List<Transaction> succeeded = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      Json receipt = receipts.get(i);
      if (reader.understood(() -> Hex.parseQuantity(receipt.asObject().text("status"))) == 1) {
        succeeded.add(candidates.get(i));
      }
    }
    return succeeded;
  }

  private List<Transaction> transactions(Json.Obj block) {
    BlockStamp stamp = ChainReader.stamp(block);
    List<Transaction> all = new ArrayList<>();
    for (Json item : block.get("transactions").asList()) {
      Json.Obj call = item.asObject();
      // A contract creation has no recipient.
      if (call.find("to")
          .map(to -> Hex.parseAddress(to.asText()).equals(reader.ref().contract()))
          .orElse(false)) {
        all.add(new Transaction(
            Hex.data(Hex.parseBytes32(call.text("hash"))),
            Hex.parseAddress(call.text("from")),
            Hex.parseData(call.text("input")),
            stamp));
      }
    }
    return all;
  }

  private boolean parses(Transaction call, byte[] selector, VaultId vault) {
    try {
      AbiReader fields = AbiReader.afterSelector(call.input());
      if (Arrays.equals(selector, Abi.CREATE_VAULT)) {
        AbiTypes.governance(fields.tuple(1));
        return Abi.vaultId(call.from(), fields.bytes32(0)).equals(vault);
      } else if (Arrays.equals(selector, Abi.SET_GOVERNANCE)) {
        AbiTypes.governance(fields.tuple(1));
        AbiTypes.approvals(fields, 2);
        AbiTypes.approvals(fields, 3);
      } else {
        commit(fields, Bytes32.ZERO, 1);
        AbiTypes.approvals(fields, 6);
      }
      return AbiTypes.vault(fields, 0).equals(vault);
    } catch (Json.MalformedAnswer e) {
      return false; // anyone may send the contract anything; such a call has reverted
    }
  }

  // What the calldata leaves out (the root before, the link) is state of the block before; full
  // nodes forget it soon.
  private Optional<AbiTypes.HeadState> stateAt(VaultId vault, long block) {
    try {
      return reader.headState(vault, ChainReader.number(block));
    } catch (Rpc.Refused e) {
      throw new LedgerException(
          reader.name() + " shows no logs of the vault, and has forgotten the state of block "
              + block + " that would replace them (" + Rpc.printable(e.error().message())
              + "). Add an RPC endpoint that serves logs, or an archive node.",
          e);
    }
  }
}
