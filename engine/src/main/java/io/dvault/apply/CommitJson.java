package io.dvault.apply;

import io.dvault.ledger.Approval;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A commit and its approvals as JSON, for the journal and for proposals. Reading throws IllegalArgumentException. */
final class CommitJson {
  private static final HexFormat HEX = HexFormat.of();
  private static final int MAX_APPROVALS = 32;

  private CommitJson() {}

  static void write(ObjectNode json, LedgerRef ref, Commit commit, List<Approval> approvals) {
    json.put("chainId", ref.chainId());
    json.put("contract", ref.contract().toString());
    json.put("vault", "0x" + commit.vault());
    json.put("epoch", commit.epoch());
    json.put("prevRoot", "0x" + commit.prevRoot());
    json.put("root", "0x" + commit.root());
    json.put("shards", "0x" + commit.shards());
    json.put("notAfter", commit.notAfter().getEpochSecond());
    json.put("acts", HEX.formatHex(commit.acts()));
    json.put("governanceVersion", commit.governanceVersion());
    ArrayNode list = json.putArray("approvals");
    for (Approval approval : approvals) {
      list.addObject()
          .put("signer", approval.signer().toString())
          .put("signature", HEX.formatHex(approval.signature()));
    }
  }

  static LedgerRef ref(JsonNode json) {
    return new LedgerRef(number(json, "chainId"), EvmAddress.parse(text(json, "contract")));
  }

  static Commit commit(JsonNode json) {
    return new Commit(
        VaultId.parse(text(json, "vault")),
        number(json, "epoch"),
        Bytes32.parse(text(json, "prevRoot")),
        Bytes32.parse(text(json, "root")),
        Bytes32.parse(text(json, "shards")),
        Instant.ofEpochSecond(number(json, "notAfter")),
        HEX.parseHex(text(json, "acts")),
        number(json, "governanceVersion"));
  }

  static List<Approval> approvals(JsonNode json) {
    JsonNode list = json.path("approvals");
    if (list.size() > MAX_APPROVALS) {
      throw new IllegalArgumentException("at most " + MAX_APPROVALS + " approvals");
    }
    List<Approval> approvals = new ArrayList<>();
    for (JsonNode item : list) {
      approvals.add(new Approval(
          EvmAddress.parse(text(item, "signer")), HEX.parseHex(text(item, "signature"))));
    }
    return approvals;
  }

  static String text(JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isString()) {
      throw new IllegalArgumentException("\"" + key + "\" is missing or no text");
    }
    return value.stringValue();
  }

  static long number(JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException("\"" + key + "\" is missing or no whole number");
    }
    return value.longValue();
  }
}
