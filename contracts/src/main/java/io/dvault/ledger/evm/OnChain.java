package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.LedgerException.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * An endpoint that shows its chain id with every batch, and is unusable when it is another
 * (docs/threat-model.md T7).
 */
record OnChain(Rpc rpc, long chainId) implements Rpc {
  private static final Call CHAIN_ID = Call.of("eth_chainId");

  @Override
  public String name() {
    return rpc.name();
  }

  @Override
  public List<Answer> batch(List<Call> calls) {
    List<Call> all = new ArrayList<>(List.of(CHAIN_ID));
    all.addAll(calls);
    List<Answer> answers = rpc.batch(all);
    try {
      long actual = Hex.parseQuantity(result(CHAIN_ID, answers.getFirst()).asText());
      if (actual != chainId) {
        throw new Unusable(
            Fault.OTHER_CHAIN,
            name() + " serves chain " + actual + ", expected chain " + chainId
                + ". Is this the right endpoint for this vault?");
      }
    } catch (Json.MalformedAnswer e) {
      throw new Unusable(name() + " answered something unexpected: " + e.getMessage() + ".");
    }
    return answers.subList(1, answers.size());
  }
}
