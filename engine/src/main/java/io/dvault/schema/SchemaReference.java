package io.dvault.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The reference of a kind as Markdown, out of its JSON Schema: {@code docs/reference/*.md}. */
public final class SchemaReference {
  private final JsonNode root;
  private final List<String> rows = new ArrayList<>();

  private SchemaReference(JsonNode root) {
    this.root = root;
  }

  /** @param kind of {@link Schemas#subjects} */
  public static String of(String kind) {
    JsonNode root = Schemas.MAPPER.readTree(Schemas.text(Schemas.subjects().get(kind)));
    SchemaReference reference = new SchemaReference(root);
    reference.fields("", root, 0);
    return "# " + kind + "\n\n" + root.path("description").asString() + "\n\n"
        + "Made from its JSON Schema (`dvault schema " + kind
        + "`); a test keeps the two equal.\n\n"
        + "| field | type | | meaning |\n|---|---|---|---|\n" + String.join("", reference.rows);
  }

  /** The page that lists the others. */
  static String index() {
    StringBuilder out = new StringBuilder("# Reference of the YAML\n\n"
        + "One page a kind, and one of the agent's settings, made from the JSON Schemas. "
        + "[Writing a vault's YAML](../authoring.md) tells the rest.\n\n"
        + "| kind | what |\n|---|---|\n");
    Schemas.subjects().forEach((kind, file) -> {
      String what =
          Schemas.MAPPER.readTree(Schemas.text(file)).path("description").asString();
      out.append("| [")
          .append(kind)
          .append("](")
          .append(page(kind))
          .append(") | ")
          .append(cell(what))
          .append(" |\n");
    });
    return out.toString();
  }

  /** {@code ssh-key.md}. */
  static String page(String kind) {
    return Schemas.subjects().get(kind).replace(".schema.json", ".md");
  }

  private JsonNode resolved(JsonNode node) {
    String ref = node.path("$ref").asString("");
    return ref.startsWith("#/") ? root.at(ref.substring(1)) : node;
  }

  private void fields(String prefix, JsonNode given, int depth) {
    JsonNode node = resolved(given);
    if (depth > 8) {
      throw new IllegalStateException("schema nested too deep at " + prefix);
    }
    Set<String> required = new HashSet<>();
    node.path("required").forEach(each -> required.add(each.asString()));
    node.path("properties").properties().forEach(each -> {
      String name = prefix + each.getKey();
      field(name, each.getValue(), required.contains(each.getKey()));
      below(name, resolved(each.getValue()), depth + 1);
    });
  }

  private void below(String name, JsonNode node, int depth) {
    fields(name + ".", node, depth);
    if (node.has("items")) {
      below(name + "[]", resolved(node.path("items")), depth);
    }
    if (node.path("additionalProperties").isObject()) {
      fields(name + ".NAME.", node.path("additionalProperties"), depth);
    }
    node.path("oneOf").forEach(choice -> forms(name + ".", choice, depth));
  }

  /** One of several forms of the same fields: what is required in each is what tells them apart. */
  private void forms(String prefix, JsonNode choice, int depth) {
    List<String> before = List.copyOf(rows);
    fields(prefix, choice, depth);
    rows.replaceAll(
        row -> before.contains(row) ? row : row.replace(" | required | ", " | one form | "));
  }

  private void field(String name, JsonNode given, boolean required) {
    JsonNode node = resolved(given);
    String marks =
        required ? "required" : node.has("default") ? "default `" + node.path("default") + "`" : "";
    String description =
        given.path("description").asString(node.path("description").asString(""));
    String row =
        "| `" + name + "` | " + type(node) + " | " + marks + " | " + cell(description) + " |\n";
    if (!rows.contains(row)) { // alternatives share fields
      rows.add(row);
    }
  }

  private String type(JsonNode node) {
    if (node.has("const")) {
      return "`" + node.path("const").asString() + "`";
    }
    if (node.has("enum")) {
      return StreamSupport.stream(node.path("enum").spliterator(), false)
          .map(each -> "`" + each.asString() + "`")
          .collect(Collectors.joining(", "));
    }
    if (node.has("oneOf")) {
      return "one of several forms";
    }
    String type = node.path("type").asString("any");
    return switch (type) {
      case "array" -> "list of " + type(resolved(node.path("items")));
      case "object" -> "fields";
      case "string" -> "text";
      case "integer" -> "number" + range(node);
      case "boolean" -> "`true` or `false`";
      default -> type;
    };
  }

  private static String range(JsonNode node) {
    return node.has("minimum") && node.has("maximum")
        ? ", " + node.path("minimum") + " to " + node.path("maximum")
        : node.has("minimum") ? ", at least " + node.path("minimum") : "";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
