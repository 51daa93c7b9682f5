package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.LedgerException;
import io.dvault.model.Bytes32;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Brings one transaction at a time into a block: estimate, nonce, fees, receipt, a higher fee when it lingers. A
 * transaction with the same calldata that is pending already, from a run that was killed, is taken over.
 */
final class TransactionSender {
  /**
   * How long to wait.
   *
   * @param beforeRaise for a receipt, before the fee is raised
   * @param raises how many times at most
   * @param firstPoll between the first two looks; doubles up to {@code slowestPoll}
   */
  record Patience(Duration beforeRaise, int raises, Duration firstPoll, Duration slowestPoll) {
    static final Patience DEFAULT =
        new Patience(Duration.ofSeconds(45), 10, Duration.ofMillis(15), Duration.ofSeconds(1));
  }

  private static final int NONCE_TRIES = 5;

  private final Rpc rpc;
  private final long chainId;
  private final EvmSigner signer;
  private final Patience patience;
  private final PendingPool pool;

  TransactionSender(Rpc rpc, long chainId, EvmSigner signer, Patience patience) {
    this.rpc = rpc;
    this.chainId = chainId;
    this.signer = signer;
    this.patience = patience;
    this.pool = new PendingPool(rpc, signer.address());
  }

  /** Where a new transaction would stand. */
  private record Footing(long nonce, Fees fees, BigInteger gasLimit, BigInteger balance) {}

  /** Throws {@link Reverted} when the contract refuses, before or after the transaction was sent. */
  TransactionReceipt send(Optional<EvmAddress> to, byte[] data) {
    for (int attempt = 1; attempt <= NONCE_TRIES; attempt++) {
      Optional<PendingPool.Pending> before = pool.find(to, data);
      Footing footing = footing(to, data, before);
      List<String> hashes =
          new ArrayList<>(before.map(PendingPool.Pending::hash).stream().toList());
      Fees fees = before.map(PendingPool.Pending::fees).orElse(footing.fees());
      long nonce = before.map(PendingPool.Pending::nonce).orElse(footing.nonce());
      Transaction transaction = new Transaction(chainId, nonce, fees, footing.gasLimit(), to, data);
      if (before.isPresent() || sent(transaction, hashes, footing.balance())) {
        Optional<TransactionReceipt> receipt = await(transaction, hashes, footing.balance());
        if (receipt.isPresent()) {
          return succeeded(receipt.get(), transaction);
        }
      }
      // Somebody else used this nonce with the same key: start over with the next one.
    }
    throw new LedgerException("The gas key " + EvmKeys.checksummed(signer.address())
        + " is used by others at the same " + "time: its nonce was taken " + NONCE_TRIES
        + " times. Give each engine a gas key of its own.");
  }

  private TransactionReceipt succeeded(TransactionReceipt receipt, Transaction transaction) {
    if (receipt.succeeded()) {
      return receipt;
    }
    Rpc.Call replay = Rpc.Call.of(
        "eth_call",
        call(transaction.to(), transaction.data()),
        ChainReader.number(receipt.block()));
    throw reverted(rpc.batch(List.of(replay)).getFirst())
        .orElseGet(() -> new Reverted(new ContractError(
            "revert",
            "transaction " + receipt.transaction() + " failed in block " + receipt.block()
                + " after " + receipt.gasUsed() + " gas")));
  }

  private Footing footing(
      Optional<EvmAddress> to, byte[] data, Optional<PendingPool.Pending> before) {
    Json from = Json.text(signer.address().toString());
    List<Rpc.Call> calls = List.of(
        Rpc.Call.of("eth_getTransactionCount", from, Json.text("pending")),
        Rpc.Call.of("eth_getBalance", from, ChainReader.LATEST),
        Rpc.Call.of("eth_estimateGas", call(to, data)));
    List<Rpc.Answer> answers =
        rpc.batch(Stream.concat(calls.stream(), FeeMarket.CALLS.stream()).toList());
    BigInteger balance = big(calls.get(1), answers.get(1));
    // With our own transaction pending, the estimate may already stand behind it and refuse; its
    // gas limit is set.
    BigInteger estimate = before.isPresent() && answers.get(2) instanceof Rpc.Answer.Failed
        ? BigInteger.ZERO
        : estimate(calls.get(2), answers.get(2), balance);
    // State may differ a little when the block is made: other commits, warm or cold slots.
    BigInteger limit = estimate.multiply(BigInteger.valueOf(6)).divide(BigInteger.valueOf(5));
    Fees fees = FeeMarket.fees(rpc, answers.subList(calls.size(), answers.size()));
    return new Footing(
        big(calls.getFirst(), answers.getFirst()).longValueExact(),
        fees,
        limit.add(BigInteger.valueOf(10_000)),
        balance);
  }

  private BigInteger estimate(Rpc.Call call, Rpc.Answer answer, BigInteger balance) {
    if (answer instanceof Rpc.Answer.Failed failed) {
      if (isAboutMoney(failed)) {
        throw poor(balance);
      }
      throw refusal(call, failed);
    }
    return big(call, answer);
  }

  /**
   * Sends it and remembers its hash; false when the nonce is used up. What a lost answer hides, a
   * rerun finds pending.
   */
  private boolean sent(Transaction transaction, List<String> hashes, BigInteger balance) {
    Transaction.Signed signed = transaction.signed(signer);
    Rpc.Call send = Rpc.Call.of("eth_sendRawTransaction", Json.text(Hex.data(signed.raw())));
    return switch (rpc.batch(List.of(send)).getFirst()) {
      case Rpc.Answer.Result result -> hashes.add(Hex.data(signed.hash()));
      case Rpc.Answer.Failed failed -> {
        String message = failed.message().toLowerCase(Locale.ROOT);
        if (message.contains("already known")
            || message.contains("already imported")
            || message.contains("known transaction")) {
          yield hashes.add(Hex.data(signed.hash()));
        } else if (message.contains("nonce too low") || message.contains("nonce is too low")) {
          yield isMined(signed.hash()) && hashes.add(Hex.data(signed.hash()));
        } else if (message.contains("replacement")) {
          yield false; // another transaction of this key is pending under the nonce, and pays more
        } else if (isAboutMoney(failed)) {
          throw poor(balance);
        }
        throw refusal(send, failed);
      }
    };
  }

  private boolean isMined(Bytes32 hash) {
    return rpc.call("eth_getTransactionReceipt", Json.text(Hex.data(hash))) instanceof Json.Obj;
  }

  /** Waits for any of {@code hashes}, raising the fee now and then; empty when the nonce went to something else. */
  private Optional<TransactionReceipt> await(
      Transaction first, List<String> hashes, BigInteger balance) {
    Transaction transaction = first;
    for (int raise = 0; raise <= patience.raises(); raise++) {
      long deadline = System.nanoTime() + patience.beforeRaise().toNanos();
      Duration pause = patience.firstPoll();
      do {
        Optional<TransactionReceipt> receipt = findReceipt(hashes);
        if (receipt.isPresent()) {
          return receipt;
        }
        JsonRpc.pause(pause);
        pause = pause.multipliedBy(2).compareTo(patience.slowestPoll()) < 0
            ? pause.multipliedBy(2)
            : patience.slowestPoll();
      } while (System.nanoTime() < deadline);
      if (pool.transactions(ChainReader.LATEST) > transaction.nonce()) {
        return findReceipt(hashes);
      }
      transaction = raised(transaction);
      sent(transaction, hashes, balance);
    }
    throw new LedgerException(
        "Transaction " + hashes.getLast() + " (nonce " + first.nonce() + ") is in no block yet, "
            + "although its fee was raised " + patience.raises()
            + " times. Nothing is lost: run the command again, it "
            + "takes over what is pending.");
  }

  private Transaction raised(Transaction transaction) {
    Fees now = FeeMarket.fees(rpc, rpc.batch(FeeMarket.CALLS));
    return new Transaction(
        chainId,
        transaction.nonce(),
        transaction.fees().raised().atLeast(now),
        transaction.gasLimit(),
        transaction.to(),
        transaction.data());
  }

  private Optional<TransactionReceipt> findReceipt(List<String> hashes) {
    List<Rpc.Call> calls = hashes.stream()
        .map(hash -> Rpc.Call.of("eth_getTransactionReceipt", Json.text(hash)))
        .toList();
    for (Rpc.Answer answer : rpc.batch(calls)) {
      if (answer instanceof Rpc.Answer.Result(Json.Obj receipt)) {
        return Optional.of(understood(() -> TransactionReceipt.parse(receipt)));
      }
    }
    return Optional.empty();
  }

  private Json call(Optional<EvmAddress> to, byte[] data) {
    Json from = Json.text(signer.address().toString());
    return to.isPresent()
        ? Json.object("from", from, "to", to.get().toString(), "data", Hex.data(data))
        : Json.object("from", from, "data", Hex.data(data));
  }

  private LedgerException refusal(Rpc.Call call, Rpc.Answer.Failed failed) {
    Optional<Reverted> reverted = reverted(failed);
    return reverted.isPresent()
        ? reverted.get()
        : new Rpc.Refused(rpc.name(), call.method(), failed);
  }

  private static Optional<Reverted> reverted(Rpc.Answer answer) {
    return answer instanceof Rpc.Answer.Failed failed ? reverted(failed) : Optional.empty();
  }

  private static Optional<Reverted> reverted(Rpc.Answer.Failed failed) {
    return failed
        .data()
        .map(data -> new Reverted(ContractError.decode(data)))
        .or(() -> failed.message().contains("revert")
            ? Optional.of(
                new Reverted(new ContractError("revert", Rpc.printable(failed.message()))))
            : Optional.empty());
  }

  private static boolean isAboutMoney(Rpc.Answer.Failed failed) {
    String message = failed.message().toLowerCase(Locale.ROOT);
    return message.contains("insufficient funds")
        || message.contains("gas required exceeds allowance");
  }

  private LedgerException poor(BigInteger balance) {
    return new LedgerException(
        "The gas key " + EvmKeys.checksummed(signer.address()) + " has " + balance
            + " wei on chain " + chainId
            + ", too little for this transaction. Send it some of the chain's coin, or name "
            + "another key with --gas.");
  }

  private BigInteger big(Rpc.Call call, Rpc.Answer answer) {
    Json value = rpc.result(call, answer);
    return understood(() -> Hex.parseBig(value.asText()));
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
