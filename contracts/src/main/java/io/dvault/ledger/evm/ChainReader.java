package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.BlockStamp;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.Governance;
import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerException;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The contract's views as one endpoint tells them. Every request carries its own check of the chain id (T7). */
final class ChainReader {
  static final Json LATEST = Json.text("latest");
  private static final int IDS_A_CALL = 256;

  private final Rpc rpc;
  private final LedgerRef ref;

  ChainReader(Rpc rpc, LedgerRef ref) {
    this.rpc = new OnChain(rpc, ref.chainId());
    this.ref = ref;
  }

  String name() {
    return rpc.name();
  }

  LedgerRef ref() {
    return ref;
  }

  List<Rpc.Answer> ask(List<Rpc.Call> calls) {
    return rpc.batch(calls);
  }

  Json ask(String method, Json... params) {
    return rpc.call(method, params);
  }

  /** Results of one batch in order; an error object in any of them throws. */
  List<Json> askAll(List<Rpc.Call> calls) {
    List<Rpc.Answer> answers = ask(calls);
    List<Json> results = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      results.add(rpc.result(calls.get(i), answers.get(i)));
    }
    return results;
  }

  /** Runs {@code reading} and turns what does not parse into an endpoint's failure. */
  <T> T understood(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (Json.MalformedAnswer e) {
      throw new Rpc.Unusable(name() + " answered something unexpected: " + e.getMessage() + ".");
    }
  }

  Rpc.Call callContract(byte[] calldata, Json block) {
    return callAt(ref.contract(), calldata, block);
  }

  private static Rpc.Call callAt(EvmAddress to, byte[] calldata, Json block) {
    return Rpc.Call.of(
        "eth_call", Json.object("to", to.toString(), "data", Hex.data(calldata)), block);
  }

  static Rpc.Call blockHeader(Json block) {
    return Rpc.Call.of("eth_getBlockByNumber", block, Json.bool(false));
  }

  static Json number(long block) {
    return Json.text(Hex.quantity(block));
  }

  static BlockStamp stamp(Json block) {
    Json.Obj header = block.asObject();
    long seconds = Hex.parseQuantity(header.text("timestamp"));
    if (seconds > Instant.MAX.getEpochSecond()) {
      throw new Json.MalformedAnswer("block time out of range");
    }
    return new BlockStamp(
        Hex.parseQuantity(header.text("number")),
        Hex.parseBytes32(header.text("hash")),
        Instant.ofEpochSecond(seconds));
  }

  /** What a view returned: whole words. An empty answer means that there is no code to answer. */
  byte[] viewed(Json result) {
    byte[] data = understood(() -> Hex.parseData(result.asText()));
    if (data.length == 0 || data.length % Bytes32.LENGTH != 0) {
      throw noContract();
    }
    return data;
  }

  /** Our {@code head} never reverts: code that does is another contract's. */
  private List<Json> askForHead(List<Rpc.Call> calls) {
    try {
      return askAll(calls);
    } catch (Rpc.Refused e) {
      throw e.error().message().toLowerCase(Locale.ROOT).contains("revert") ? noContract() : e;
    }
  }

  private LedgerException noContract() {
    return new LedgerException(
        LedgerException.Fault.NO_CONTRACT,
        "There is no dVault contract at "
            + EvmKeys.checksummed(ref.contract()) + " on chain " + ref.chainId() + " (asked "
            + name()
            + "). Check the contract's address, and that the node is in sync.");
  }

  Optional<AbiTypes.HeadState> headState(VaultId vault, Json block) {
    byte[] data =
        viewed(askForHead(List.of(callContract(Abi.head(vault), block))).getFirst());
    return understood(() -> Optional.of(AbiTypes.head(data)).filter(AbiTypes.HeadState::exists));
  }

  Optional<Head> findHead(VaultId vault) {
    List<Json> results =
        askForHead(List.of(blockHeader(LATEST), callContract(Abi.head(vault), LATEST)));
    return head(vault, results);
  }

  /** The head as of block {@code number}. */
  Optional<Head> findHead(VaultId vault, long number) {
    return head(
        vault,
        askForHead(
            List.of(blockHeader(number(number)), callContract(Abi.head(vault), number(number)))));
  }

  private Optional<Head> head(VaultId vault, List<Json> results) {
    BlockStamp readAt = understood(() -> stamp(results.get(0)));
    byte[] data = viewed(results.get(1));
    return understood(() -> Optional.of(AbiTypes.head(data))
        .filter(AbiTypes.HeadState::exists)
        .map(state -> new Head(
            vault,
            state.epoch(),
            state.root(),
            state.notAfter(),
            state.governanceVersion(),
            state.frozen(),
            state.committedAt(),
            state.governanceChangedAt(),
            state.revokedAt(),
            readAt)));
  }

  Governance governance(VaultId vault) {
    Rpc.Call call = callContract(Abi.governance(vault), LATEST);
    return switch (ask(List.of(call)).getFirst()) {
      case Rpc.Answer.Result(Json value) -> {
        byte[] data = viewed(value);
        yield understood(() -> AbiTypes.governance(AbiReader.of(data).tuple(0)));
      }
      case Rpc.Answer.Failed failed -> throw refused(call, failed);
    };
  }

  Set<RevocationId> revoked(VaultId vault, List<RevocationId> ids) {
    Set<RevocationId> revoked = new HashSet<>();
    List<Rpc.Call> calls = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += IDS_A_CALL) {
      List<RevocationId> part = ids.subList(from, Math.min(ids.size(), from + IDS_A_CALL));
      calls.add(callContract(Abi.revoked(vault, part), LATEST));
    }
    List<Rpc.Answer> answers = ask(calls);
    for (int i = 0; i < calls.size(); i++) {
      List<RevocationId> part =
          ids.subList(i * IDS_A_CALL, Math.min(ids.size(), (i + 1) * IDS_A_CALL));
      byte[] data = viewed(resultOrRefusal(calls.get(i), answers.get(i)));
      List<Boolean> flags = understood(() -> AbiTypes.booleans(data));
      if (flags.size() != part.size()) {
        throw new Rpc.Unusable(
            name() + " answered for " + flags.size() + " of " + part.size() + " revocations.");
      }
      for (int j = 0; j < part.size(); j++) {
        if (flags.get(j)) {
          revoked.add(part.get(j));
        }
      }
    }
    return Set.copyOf(revoked);
  }

  Optional<Bytes32> findCodeHash() {
    return findCode().map(Keccak::hash);
  }

  Optional<byte[]> findCode() {
    Json code = ask("eth_getCode", Json.text(ref.contract().toString()), LATEST);
    return Optional.of(understood(() -> Hex.parseData(code.asText())))
        .filter(bytes -> bytes.length > 0);
  }

  BlockStamp latestBlock() {
    Json block = ask("eth_getBlockByNumber", LATEST, Json.bool(false));
    return understood(() -> stamp(block));
  }

  /** The node's clock, as it would stamp a block now; of nodes that make no such block, the newest block's time. */
  Instant pendingTime() {
    try {
      Json block = ask("eth_getBlockByNumber", Json.text("pending"), Json.bool(false));
      return understood(() -> Instant.ofEpochSecond(Math.min(
          Instant.MAX.getEpochSecond(), Hex.parseQuantity(block.asObject().text("timestamp")))));
    } catch (LedgerException e) {
      return latestBlock().time();
    }
  }

  /** Nodes of chains that do not finalize answer null or an error (geth: -39001); then it is the latest block. */
  BlockStamp finalizedBlock() {
    List<Rpc.Answer> answers =
        ask(List.of(blockHeader(Json.text("finalized")), blockHeader(LATEST)));
    if (answers.getFirst() instanceof Rpc.Answer.Result(Json.Obj finalized)) {
      return understood(() -> stamp(finalized));
    }
    Json latest = rpc.result(blockHeader(LATEST), answers.get(1));
    return understood(() -> stamp(latest));
  }

  /** ERC-1271: whether the contract {@code signer} takes {@code signature} for its own. A revert is a no (T10). */
  boolean acceptsSignature(EvmAddress signer, Bytes32 digest, byte[] signature) {
    Rpc.Call call = callAt(signer, Abi.isValidSignature(digest, signature), LATEST);
    if (!(ask(List.of(call)).getFirst() instanceof Rpc.Answer.Result(Json value))) {
      return false;
    }
    byte[] data = understood(() -> Hex.parseData(value.asText()));
    byte[] magic = Arrays.copyOf(Abi.IS_VALID_SIGNATURE, AbiReader.WORD);
    return data.length >= AbiReader.WORD
        && Arrays.equals(data, 0, AbiReader.WORD, magic, 0, magic.length);
  }

  private Json resultOrRefusal(Rpc.Call call, Rpc.Answer answer) {
    return switch (answer) {
      case Rpc.Answer.Result(Json value) -> value;
      case Rpc.Answer.Failed failed -> throw refused(call, failed);
    };
  }

  // A view reverts only with one of the contract's own errors, UnknownVault above all: say that,
  // not JSON-RPC's words.
  private LedgerException refused(Rpc.Call call, Rpc.Answer.Failed failed) {
    return failed
        .data()
        .<LedgerException>map(data -> new LedgerException("The contract refused: "
            + ContractError.decode(data).detail() + " (asked " + name() + ")."))
        .orElseGet(() -> new Rpc.Refused(name(), call.method(), failed));
  }
}
