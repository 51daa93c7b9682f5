package io.dvault.plan;

import io.dvault.model.EntryAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a user asked for beyond the configuration, for whoever makes the same plan again: a proposal's approvers. */
public final class PlanOptionsJson {
  private static final int MOST = 100_000;

  private PlanOptionsJson() {}

  /** Only what was asked for. */
  public static ObjectNode write(PlanOptions options) {
    ObjectNode node = PlanJson.MAPPER.createObjectNode();
    put(node, "replace", options.replace());
    put(node, "revoke", options.revoke());
    options.only().ifPresent(only -> array(node, "only", only));
    if (options.renewHead()) {
      node.put("renewHead", true);
    }
    return node;
  }

  /** Throws IllegalArgumentException for what {@link #write} does not write: an option that is not known changes the plan. */
  public static PlanOptions read(JsonNode node) {
    if (node.isMissingNode()) {
      return PlanOptions.NONE;
    }
    Set<String> known = Set.of("replace", "revoke", "only", "renewHead");
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException("\"options\" holds \"" + name + "\", which this dVault does not know");
      }
    }
    return new PlanOptions(addresses(node, "replace"), addresses(node, "revoke"),
        node.has("only") ? Optional.of(addresses(node, "only")) : Optional.empty(),
        node.path("renewHead").asBoolean(false));
  }

  private static void put(ObjectNode node, String name, Set<EntryAddress> addresses) {
    if (!addresses.isEmpty()) {
      array(node, name, addresses);
    }
  }

  private static void array(ObjectNode node, String name, Set<EntryAddress> addresses) {
    ArrayNode array = node.putArray(name);
    addresses.stream().sorted().forEach(address -> array.add(address.toString()));
  }

  private static Set<EntryAddress> addresses(JsonNode node, String name) {
    JsonNode list = node.path(name);
    if (list.size() > MOST || !list.isMissingNode() && !list.isArray()) {
      throw new IllegalArgumentException("\"" + name + "\" is no list of entries");
    }
    Set<EntryAddress> addresses = new HashSet<>();
    for (JsonNode each : list) {
      addresses.add(EntryAddress.parse(each.asString("")));
    }
    return addresses;
  }
}
