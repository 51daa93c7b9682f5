package io.dvault.plan;

import io.dvault.plan.Change.Issue;
import io.dvault.plan.Change.Issuing;
import io.dvault.plan.Change.Keep;
import io.dvault.plan.Change.Revoke;
import io.dvault.plan.Change.Rotate;
import io.dvault.spi.EntryTemplate;
import java.time.Instant;
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
    node.set("options", PlanOptionsJson.write(plan.options()));
    ArrayNode authorities = node.putArray("authorities");
    plan.authorities().forEach(each -> authorities.add(authority(each)));
    plan.rules().ifPresent(rules -> fields(node.putObject("rules"), rules.fields()));
    ArrayNode changes = node.putArray("changes");
    plan.changes().forEach(each -> changes.add(change(each, plan.at())));
    plan.head()
        .ifPresent(head -> node.putObject("head")
            .put("before", head.before().toString())
            .put("after", head.after().toString())
            .put("why", head.why()));
    ArrayNode moved = node.putArray("moved");
    plan.moved()
        .forEach(each -> moved
            .addObject()
            .put("from", each.from().toString())
            .put("to", each.to().toString()));
    node.set("summary", summary(plan));
    ObjectNode estimate = node.putObject("estimate");
    estimate.put("transactions", plan.estimate().transactions());
    estimate.put("gas", plan.estimate().gas());
    estimate.put("sealed_bundles", plan.estimate().sealedBundles());
    estimate.put("bytes", plan.estimate().bytes());
    return node;
  }

  /** The counts of the last line. */
  public static ObjectNode summary(Plan plan) {
    ObjectNode summary = MAPPER.createObjectNode();
    summary.put("issue", plan.issues());
    summary.put("rotate", plan.rotations());
    summary.put("revoke", plan.revocations());
    summary.put("keep", plan.keeps().size());
    summary.put("cleared", plan.housekeeping());
    summary.put("authorities", plan.authorities().size());
    summary.put("rules", plan.rules().isPresent());
    summary.put("moved", plan.moved().size());
    summary.put("empty", plan.isEmpty());
    return summary;
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

  public static ObjectNode authority(AuthorityTransition change) {
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

  /** One change, with its fields as they were and will be. */
  public static ObjectNode change(Change change, Instant at) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("action", action(change));
    change.address().ifPresent(address -> {
      node.put("address", address.toString());
      node.put("kind", address.kind());
      node.put("name", address.name());
      node.put("device_name", address.device());
    });
    node.put("entry", "0x" + change.entry());
    node.put("device", "0x" + change.device());
    node.put("reason", change.reason().code().text());
    node.put("why", change.reason().words());
    switch (change) {
      case Issuing issuing -> issuing(node, issuing, at);
      case Revoke revoke -> {
        node.put("generation", revoke.old().generation());
        node.put("not_after", revoke.old().validity().notAfter().toString());
        revoke.protect().ifPresent(protect -> node.put("protect", protect));
      }
      case Keep keep -> node.put("generation", keep.record().generation());
    }
    fields(node, change.fields(at));
    return node;
  }

  private static void issuing(ObjectNode node, Issuing issuing, Instant at) {
    EntryTemplate template = issuing.desired().template();
    node.put("generation", issuing.generation());
    node.put("spec", "0x" + issuing.spec());
    node.put("serial", issuing.serial());
    node.put("ttl_seconds", template.ttl().toSeconds());
    node.put("not_after", Validities.of(template, at).notAfter().toString());
    node.put("protect", template.protect());
    template
        .authority()
        .ifPresent(name -> node.putObject("authority")
            .put("name", name)
            .put("generation", issuing.canonical().authorityGeneration().orElseThrow()));
    issuing.desired().chosen().ifPresent(chosen -> node.put("selected_by", chosen.words()));
    node.put("declared_at", template.position().toString());
    if (issuing instanceof Rotate rotate && !rotate.from().equals(rotate.device())) {
      node.put("from_device", "0x" + rotate.from());
    }
  }

  /** Puts {@code fields} into it. */
  public static void fields(ObjectNode node, List<FieldChange> fields) {
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
