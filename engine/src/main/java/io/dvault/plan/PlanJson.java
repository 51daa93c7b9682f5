package io.dvault.plan;

import io.dvault.plan.Change.Issue;
import io.dvault.plan.Change.Issuing;
import io.dvault.plan.Change.Keep;
import io.dvault.plan.Change.Revoke;
import io.dvault.plan.Change.Rotate;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A plan as JSON: the same for {@code -json} and inside a saved plan. Holds no secret. */
public final class PlanJson {
  /** Grows when a field changes its meaning or goes away; new fields do not count. */
  public static final int FORMAT_VERSION = 1;

  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private PlanJson() {}

  public static ObjectNode write(Plan plan) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("format_version", FORMAT_VERSION);
    node.set("base", base(plan.base()));
    node.put("at", plan.at().toString());
    ArrayNode authorities = node.putArray("authorities");
    plan.authorities().forEach(each -> authorities.add(authority(each)));
    ArrayNode changes = node.putArray("changes");
    plan.changes().forEach(each -> changes.add(change(each)));
    plan.head().ifPresent(head -> node.putObject("head")
        .put("before", head.before().toString()).put("after", head.after().toString()).put("why", head.why()));
    ObjectNode summary = node.putObject("summary");
    summary.put("issue", plan.issues());
    summary.put("rotate", plan.rotations());
    summary.put("revoke", plan.revocations());
    summary.put("keep", plan.keeps().size());
    summary.put("cleared", plan.housekeeping());
    summary.put("authorities", plan.authorities().size());
    summary.put("empty", plan.isEmpty());
    ObjectNode estimate = node.putObject("estimate");
    estimate.put("transactions", plan.estimate().transactions());
    estimate.put("gas", plan.estimate().gas());
    estimate.put("sealed_bundles", plan.estimate().sealedBundles());
    estimate.put("bytes", plan.estimate().bytes());
    return node;
  }

  static ObjectNode base(PlanBase base) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("chain_id", base.chainId());
    node.put("contract", base.contract().toString());
    node.put("vault", "0x" + base.vault());
    node.put("epoch", base.epoch());
    node.put("root", "0x" + base.root());
    node.put("commit", base.commit());
    node.put("clean", base.clean());
    node.put("sources", "0x" + base.sources());
    return node;
  }

  private static ObjectNode authority(AuthorityChange change) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("authority", "0x" + change.id());
    change.name().ifPresent(name -> node.put("name", name));
    node.put("type", change.type());
    node.put("generation", change.generation());
    change.from().ifPresent(from -> node.put("from", word(from)));
    node.put("to", word(change.to()));
    return node;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static ObjectNode change(Change change) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("action", action(change));
    change.address().ifPresent(address -> node.put("address", address.toString()));
    node.put("entry", "0x" + change.entry());
    node.put("device", "0x" + change.device());
    node.put("reason", change.reason().code().text());
    node.put("why", change.reason().words());
    if (change instanceof Issuing issuing) {
      node.put("generation", issuing.generation());
      node.put("spec", "0x" + issuing.spec());
      node.put("serial", issuing.serial());
      fields(node, issuing.fields());
    }
    if (change instanceof Rotate rotate && !rotate.from().equals(rotate.device())) {
      node.put("from_device", "0x" + rotate.from());
    }
    if (change instanceof Revoke revoke) {
      node.put("generation", revoke.old().generation());
      fields(node, revoke.fields());
    }
    return node;
  }

  private static void fields(ObjectNode node, List<FieldChange> fields) {
    ArrayNode array = node.putArray("fields");
    for (FieldChange field : fields) {
      ObjectNode each = array.addObject();
      each.put("name", field.name());
      each.put("before", field.before());
      each.put("after", field.after());
    }
  }

  private static String action(Change change) {
    return switch (change) {
      case Issue issue -> "issue";
      case Rotate rotate -> "rotate";
      case Revoke revoke -> revoke.housekeeping() ? "clear" : "revoke";
      case Keep keep -> "keep";
    };
  }
}
