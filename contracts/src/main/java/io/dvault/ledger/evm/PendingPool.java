package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.EvmAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What one account has sent that is in no block yet. */
final class PendingPool {
  record Pending(long nonce, Fees fees, String hash) {}

  private final Rpc rpc;
  private final EvmAddress account;

  PendingPool(Rpc rpc, EvmAddress account) {
    this.rpc = rpc;
    this.account = account;
  }

  /** A pending transaction with this very calldata: sent by a run that was killed before it saw the receipt. */
  Optional<Pending> find(Optional<EvmAddress> to, byte[] data) {
    if (transactions(Json.text("pending")) <= transactions(ChainReader.LATEST)) {
      return Optional.empty();
    }
    Rpc.Call pending = Rpc.Call.of("eth_getBlockByNumber", Json.text("pending"), Json.bool(true));
    if (!(rpc.batch(List.of(pending)).getFirst() instanceof Rpc.Answer.Result(Json.Obj block))) {
      return Optional
          .empty(); // not every provider shows pending transactions; then the contract refuses a
      // second one
    }
    return understood(() -> block.find("transactions").map(Json::asList).orElse(List.of()).stream()
        .map(Json::asObject)
        .filter(candidate -> isOurs(candidate, to, data))
        .findFirst()
        .map(found -> new Pending(
            Hex.parseQuantity(found.text("nonce")), feesOf(found), found.text("hash"))));
  }

  /** How many transactions the account has made as of {@code block}: the next nonce. */
  long transactions(Json block) {
    Json count = rpc.call("eth_getTransactionCount", Json.text(account.toString()), block);
    return understood(() -> Hex.parseQuantity(count.asText()));
  }

  private boolean isOurs(Json.Obj candidate, Optional<EvmAddress> to, byte[] data) {
    return Hex.parseAddress(candidate.text("from")).equals(account)
        && candidate.find("to").map(value -> Hex.parseAddress(value.asText())).equals(to)
        && Arrays.equals(Hex.parseData(candidate.text("input")), data);
  }

  private static Fees feesOf(Json.Obj transaction) {
    return transaction.find("maxFeePerGas").isPresent()
        ? new Fees.Dynamic(
            Hex.parseBig(transaction.text("maxPriorityFeePerGas")),
            Hex.parseBig(transaction.text("maxFeePerGas")))
        : new Fees.Legacy(Hex.parseBig(transaction.text("gasPrice")));
  }

  private <T> T understood(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (Json.MalformedAnswer e) {
      throw new Rpc.Unusable(
          rpc.name() + " answered something unexpected: " + e.getMessage() + ".");
    }
  }
}
