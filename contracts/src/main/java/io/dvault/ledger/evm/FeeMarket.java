package io.dvault.ledger.evm;

import io.dvault.json.Json;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** What the chain asks for gas right now. */
final class FeeMarket {
  private static final BigInteger GWEI = BigInteger.valueOf(1_000_000_000);

  /** The questions whose answers {@link #fees} reads. */
  static final List<Rpc.Call> CALLS = List.of(
      ChainReader.blockHeader(ChainReader.LATEST),
      Rpc.Call.of("eth_gasPrice"),
      Rpc.Call.of("eth_maxPriorityFeePerGas"));

  private FeeMarket() {}

  static Fees fees(Rpc rpc, List<Rpc.Answer> answers) {
    try {
      Optional<BigInteger> base = rpc.result(CALLS.getFirst(), answers.getFirst())
          .asObject()
          .find("baseFeePerGas")
          .map(value -> Hex.parseBig(value.asText()));
      if (base.isEmpty()) {
        return new Fees.Legacy(
            Hex.parseBig(rpc.result(CALLS.get(1), answers.get(1)).asText()));
      }
      BigInteger tip = answers.get(2) instanceof Rpc.Answer.Result(Json.Text(String text))
          ? Hex.parseBig(text)
          : GWEI;
      // Twice the base fee outlasts about six full blocks in a row.
      return new Fees.Dynamic(tip, base.get().shiftLeft(1).add(tip));
    } catch (Json.MalformedAnswer e) {
      throw new Rpc.Unusable(
          rpc.name() + " answered something unexpected: " + e.getMessage() + ".");
    }
  }
}
