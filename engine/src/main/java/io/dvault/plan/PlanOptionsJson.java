package io.dvault.plan;

import io.dvault.model.EntryAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a user asked for beyond the configuration, for whoever makes the same plan again: out of a saved plan, or a
 * proposal. */
public final class PlanOptionsJson {
  private static final int MOST = 100_000;

  private PlanOptionsJson() {}

  /** Only what was asked for. */
  public static ObjectNode write(PlanOptions options) {
    ObjectNode node = PlanJson.MAPPER.createObjectNode();
    List<String> replace = new ArrayList<>(texts(options.targets().replace()));
    options.replace().stream().sorted().forEach(address -> replace.add(address.toString()));
    put(node, "target", texts(options.targets().target()));
    put(node, "exclude", texts(options.targets().exclude()));
    put(node, "replace", replace);
    put(node, "revoke", texts(options.revoke()));
    if (options.compromised()) {
      node.put("compromised", true);
    }
    options.only().ifPresent(only -> array(node, "only", texts(only)));
    if (options.renewHead()) {
      node.put("renew_head", true);
    }
    return node;
  }

  /**
   * Throws IllegalArgumentException for what {@link #write} does not write: an option that is not
   * known changes the plan.
   */
  public static PlanOptions read(JsonNode node) {
    if (node.isMissingNode()) {
      return PlanOptions.NONE;
    }
    Set<String> known =
        Set.of("target", "exclude", "replace", "revoke", "compromised", "only", "renew_head");
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "\"options\" holds \"" + name + "\", which this dVault does not know");
      }
    }
    Targets targets =
        new Targets(patterns(node, "target"), patterns(node, "exclude"), patterns(node, "replace"));
    return new PlanOptions(
        Set.of(),
        addresses(node, "revoke"),
        node.path("compromised").asBoolean(false),
        node.has("only") ? Optional.of(addresses(node, "only")) : Optional.empty(),
        targets,
        node.path("renew_head").asBoolean(false));
  }

  private static List<String> texts(List<AddressPattern> patterns) {
    return patterns.stream().map(AddressPattern::text).toList();
  }

  private static List<String> texts(Set<EntryAddress> addresses) {
    return addresses.stream().sorted().map(EntryAddress::toString).toList();
  }

  private static void put(ObjectNode node, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      array(node, name, texts);
    }
  }

  private static void array(ObjectNode node, String name, List<String> texts) {
    ArrayNode array = node.putArray(name);
    texts.forEach(array::add);
  }

  private static List<AddressPattern> patterns(JsonNode node, String name) {
    return texts(node, name).stream()
        .map(text -> AddressPattern.parse(text)
            .orElseThrow(
                () -> new IllegalArgumentException("\"" + name + "\" holds what is no address")))
        .toList();
  }

  private static Set<EntryAddress> addresses(JsonNode node, String name) {
    Set<EntryAddress> addresses = new HashSet<>();
    texts(node, name).forEach(text -> addresses.add(EntryAddress.parse(text)));
    return addresses;
  }

  private static List<String> texts(JsonNode node, String name) {
    JsonNode list = node.path(name);
    if (list.size() > MOST || !list.isMissingNode() && !list.isArray()) {
      throw new IllegalArgumentException("\"" + name + "\" is no list of entries");
    }
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asString("")));
    return texts;
  }
}
