package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is said over a socket: JSON-RPC 2.0 with the publish and subscribe of geth, which others follow. */
final class EventMessages {
  static final int CHAIN = 1;
  static final int SUBSCRIBE = 2;

  private final LedgerRef ref;
  private final VaultId vault;

  EventMessages(LedgerRef ref, VaultId vault) {
    this.ref = ref;
    this.vault = vault;
  }

  /** What an endpoint said. */
  sealed interface Said {
    /** The chain is the one that we follow. */
    record RightChain() implements Said {}

    record Subscribed(String id) implements Said {}

    /** An event of the vault, or so it is claimed. */
    record Happened(String subscription) implements Said {}

    /** Nothing that we asked for: another vault's, another contract's, something unknown. */
    record Foreign() implements Said {}

    record Unusable(String why) implements Said {}
  }

  String askChain() {
    return request(CHAIN, "eth_chainId");
  }

  /** Every event has the vault as its first indexed field, so the second topic picks ours whatever they are. */
  String askEvents() {
    return request(
        SUBSCRIBE,
        "eth_subscribe",
        Json.text("logs"),
        Json.object(
            "address",
            ref.contract().toString(),
            "topics",
            Json.array(new Json.Nothing(), Json.text(Hex.data(vault.bytes())))));
  }

  private static String request(int id, String method, Json... params) {
    StringBuilder text = new StringBuilder();
    Json.object(
            "jsonrpc",
            "2.0",
            "id",
            new Json.Whole(id),
            "method",
            method,
            "params",
            Json.array(params))
        .write(text);
    return text.toString();
  }

  Said read(String message) {
    try {
      Json.Obj said = Json.parse(message.getBytes(StandardCharsets.UTF_8)).asObject();
      return said.find("method").isPresent() ? notified(said) : answered(said);
    } catch (Json.MalformedAnswer | IllegalArgumentException e) {
      return new Said.Unusable(
          "does not speak JSON-RPC: " + Rpc.printable(String.valueOf(e.getMessage())));
    }
  }

  private Said answered(Json.Obj said) {
    long id = said.find("id")
        .map(value -> value instanceof Json.Whole(long whole) ? whole : 0L)
        .orElse(0L);
    if (said.find("error").isPresent()) {
      String why =
          said.get("error").asObject().find("message").map(Json::asText).orElse("no reason given");
      String what = id == CHAIN ? "eth_chainId" : "eth_subscribe";
      return new Said.Unusable("refuses " + what + ": " + Rpc.printable(why));
    }
    if (id == CHAIN) {
      long chain = Hex.parseQuantity(said.text("result"));
      return chain == ref.chainId()
          ? new Said.RightChain()
          : new Said.Unusable("serves chain " + chain + ", expected " + ref.chainId());
    }
    return id == SUBSCRIBE ? new Said.Subscribed(said.text("result")) : new Said.Foreign();
  }

  /** Without what the event carries: nobody reads it, so there is nothing in it that could be forged. */
  private Said notified(Json.Obj said) {
    if (!said.text("method").equals("eth_subscription")) {
      return new Said.Foreign();
    }
    Json.Obj params = said.get("params").asObject();
    Json.Obj log = params.get("result").asObject();
    List<Json> topics = log.get("topics").asList();
    Bytes32 subject =
        topics.size() < 2 ? Bytes32.ZERO : Hex.parseBytes32(topics.get(1).asText());
    boolean ours = Hex.parseAddress(log.text("address")).equals(ref.contract())
        && subject.equals(vault.bytes());
    return ours ? new Said.Happened(params.text("subscription")) : new Said.Foreign();
  }
}
