package io.dvault.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import io.dvault.model.Diagnostic;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlDocument;
import io.dvault.yaml.YamlNode;
import io.dvault.yaml.YamlNode.Mapping;
import io.dvault.yaml.YamlNode.Scalar;
import io.dvault.yaml.YamlNode.Sequence;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds documents against the JSON Schema of their kind, the one that editors use: what an editor
 * underlines is an error
 * here too (docs/requirements.md A4). The parser says more, and says it better; so it goes first.
 * Thread-safe.
 */
public final class SchemaCheck {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<String, Schema> byKind;

  private SchemaCheck(Map<String, Schema> byKind) {
    this.byKind = byKind;
  }

  /** @param byKind the text of each kind's schema */
  public static SchemaCheck of(Map<String, String> byKind) {
    Map<String, String> texts = new LinkedHashMap<>();
    byKind.values().forEach(text -> texts.put(id(text), text));
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12,
        builder ->
            builder.schemas(texts)); // nothing is ever fetched: a reference to another one fails
    Map<String, Schema> schemas = new LinkedHashMap<>();
    byKind.forEach(
        (kind, text) -> schemas.put(kind, registry.getSchema(SchemaLocation.of(id(text)))));
    return new SchemaCheck(schemas);
  }

  private static String id(String schema) {
    return JSON.readTree(schema).path("$id").asString();
  }

  /** Adds what the schema of its kind does not take (DV049, at its place); kinds of plugins have none. */
  public void check(YamlDocument document, Findings findings) {
    if (!(document.root() instanceof Mapping root)
        || !root.fields().containsKey("kind")
        || !(root.fields().get("kind").value() instanceof Scalar kind)) {
      return;
    }
    Schema schema = byKind.get(kind.text());
    if (schema != null) {
      schema
          .validate(JSON.<JsonNode>valueToTree(document.tree()))
          .forEach(error -> findings.add(document.locate(
              diagnostic(kind.text(), error), find(root, error.getInstanceLocation()))));
    }
  }

  private static Diagnostic diagnostic(String kind, Error error) {
    return Diagnostic.error(
        "DV049",
        "the schema of " + kind + " does not take this",
        error.getMessage() + ".",
        "`dvault schema " + kind + " -markdown` lists its fields.");
  }

  /** The value at {@code path}, or what is nearest to it: a field that is missing has no place of its own. */
  private static YamlNode find(Mapping root, NodePath path) {
    YamlNode at = root;
    for (int i = 0; i < path.getNameCount(); i++) {
      Object step = path.getElement(i);
      YamlNode next = switch (at) {
        case Mapping mapping
        when mapping.fields().containsKey(step.toString()) ->
          mapping.fields().get(step.toString()).value();
        case Sequence sequence
        when step instanceof Integer index && index < sequence.items().size() ->
          sequence.items().get(index);
        default -> null;
      };
      if (next == null) {
        return at;
      }
      at = next;
    }
    return at;
  }
}
