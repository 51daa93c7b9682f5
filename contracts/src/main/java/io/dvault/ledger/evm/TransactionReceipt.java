package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.EvmAddress;
import java.util.Optional;

/** What became of a transaction: in which block, whether it succeeded, what it cost. */
record TransactionReceipt(
    String transaction, long block, boolean succeeded, long gasUsed, Optional<EvmAddress> created) {
  static TransactionReceipt parse(Json json) {
    Json.Obj receipt = json.asObject();
    return new TransactionReceipt(
        receipt.text("transactionHash"),
        Hex.parseQuantity(receipt.text("blockNumber")),
        Hex.parseQuantity(receipt.text("status")) == 1,
        Hex.parseQuantity(receipt.text("gasUsed")),
        receipt.find("contractAddress").map(address -> Hex.parseAddress(address.asText())));
  }
}
