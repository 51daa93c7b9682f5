package io.dvault.testing;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlDocument;
import io.dvault.yaml.YamlNode;
import io.dvault.yaml.YamlNode.Mapping;
import io.dvault.yaml.YamlNode.Scalar;
import io.dvault.yaml.YamlNode.Sequence;
import io.dvault.yaml.YamlReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Documents near a right one, to hold a JSON Schema and the parser of the same form against each other: what the one
 * takes, the other takes.
 */
public final class SchemaDocuments {
  private static final String BASE = "https://dvault.io/schemas/v1/";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** A value of every type, and of none that fits. */
  private static final List<JsonNode> OTHERS = List.of(
      JsonNodeFactory.instance.stringNode(""),
      JsonNodeFactory.instance.stringNode("no such thing *"),
      JsonNodeFactory.instance.numberNode(-7),
      JsonNodeFactory.instance.booleanNode(true),
      JsonNodeFactory.instance.nullNode(),
      JSON.createArrayNode(),
      JSON.createArrayNode().add(1),
      JSON.createObjectNode(),
      JSON.createObjectNode().put("zzz", "1"));

  /** Texts that fit somewhere: what is right in one place is wrong in another. */
  private static final List<String> TEXTS = List.of(
      "a",
      "drone-1",
      "A b",
      "5m",
      "1h30m",
      "5m1h",
      "0s",
      "07",
      "/etc/x",
      "/etc/../x",
      "/etc/x/",
      "x/y",
      "https://example.org",
      "ftp://example.org",
      "https://",
      "127.0.0.1",
      "10.0.0.0/8",
      "x=y",
      "0600",
      "root:root",
      "SshKey/x",
      "true",
      "null",
      "*",
      "${x}",
      "\u00e9",
      "a\tb",
      "a\nb");

  private SchemaDocuments() {}

  /** A schema of this repository, with those that it refers to: names without {@code .schema.json}. */
  public static Schema schema(String name, List<String> others) {
    Map<String, String> texts = new HashMap<>();
    Stream.concat(Stream.of(name), others.stream()).forEach(file -> {
      String text = text(file);
      texts.put(JSON.readTree(text).path("$id").asString(), text);
    });
    return SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(texts))
        .getSchema(SchemaLocation.of(BASE + name + ".schema.json"));
  }

  public static String text(String name) {
    try (var in =
        SchemaDocuments.class.getResourceAsStream("/io/dvault/schemas/" + name + ".schema.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** YAML as the schema's data model has it, with types by the YAML 1.2 core schema. */
  private static JsonNode json(YamlNode node) {
    return switch (node) {
      case Scalar scalar when !scalar.plain() -> JsonNodeFactory.instance.stringNode(scalar.text());
      case Scalar scalar
      when scalar.text().matches("true|false") ->
        JsonNodeFactory.instance.booleanNode(scalar.text().equals("true"));
      case Scalar scalar
      when scalar.text().matches("-?(0|[1-9][0-9]*)") ->
        JsonNodeFactory.instance.numberNode(Long.parseLong(scalar.text()));
      case Scalar scalar
      when scalar.text().matches("|~|null") -> JsonNodeFactory.instance.nullNode();
      case Scalar scalar -> JsonNodeFactory.instance.stringNode(scalar.text());
      case Sequence sequence -> {
        ArrayNode array = JSON.createArrayNode();
        sequence.items().forEach(item -> array.add(json(item)));
        yield array;
      }
      case Mapping mapping -> {
        ObjectNode object = JSON.createObjectNode();
        mapping.fields().forEach((key, field) -> object.set(key, json(field.value())));
        yield object;
      }
    };
  }

  /** The documents of a YAML stream, which must be without fault. */
  public static List<JsonNode> of(String file, String yaml) {
    Findings findings = new Findings();
    List<YamlDocument> documents =
        YamlReader.read(file, yaml.getBytes(StandardCharsets.UTF_8), findings);
    if (findings.hasErrors()) {
      throw new IllegalArgumentException(file + ": " + findings.sorted());
    }
    return documents.stream().map(document -> json(document.root())).toList();
  }

  /** Each place of the document without its value, with an extra field, and with values of every other type. */
  public static List<JsonNode> mutants(JsonNode whole) {
    List<JsonNode> mutants = new ArrayList<>();
    for (List<String> path : paths(whole, List.of())) {
      mutants.add(changed(whole, path, parent -> remove(parent, path.getLast())));
      for (JsonNode other : OTHERS) {
        mutants.add(changed(whole, path, parent -> set(parent, path.getLast(), other)));
      }
    }
    return mutants;
  }

  private static List<List<String>> paths(JsonNode node, List<String> prefix) {
    List<List<String>> paths = new ArrayList<>();
    List<String> keys = node.isObject()
        ? List.copyOf(node.propertyNames())
        : node.isArray()
            ? Stream.iterate(0, i -> i < node.size(), i -> i + 1)
                .map(String::valueOf)
                .toList()
            : List.of();
    for (String key : keys) {
      List<String> path = new ArrayList<>(prefix);
      path.add(key);
      paths.add(path);
      paths.addAll(paths(child(node, key), path));
    }
    return paths;
  }

  private static JsonNode child(JsonNode node, String key) {
    return node.isArray() ? node.get(Integer.parseInt(key)) : node.get(key);
  }

  private static JsonNode changed(JsonNode whole, List<String> path, Consumer<JsonNode> change) {
    JsonNode copy = whole.deepCopy();
    change.accept(at(copy, path.subList(0, path.size() - 1)));
    return copy;
  }

  private static void remove(JsonNode parent, String key) {
    if (parent instanceof ObjectNode object) {
      object.remove(key);
    } else {
      ((ArrayNode) parent).remove(Integer.parseInt(key));
    }
  }

  private static void set(JsonNode parent, String key, JsonNode value) {
    if (parent instanceof ObjectNode object) {
      object.set(key, value);
    } else {
      ((ArrayNode) parent).set(Integer.parseInt(key), value);
    }
  }

  /**
   * Documents with one to three changes anywhere: a value from elsewhere, a field from elsewhere, one more item, or
   * something gone. The same for the same seed.
   */
  public static List<JsonNode> random(JsonNode whole, int count, long seed) {
    Random random = new Random(seed);
    List<List<String>> all = paths(whole, List.of());
    List<JsonNode> values = new ArrayList<>(OTHERS);
    all.forEach(path -> values.add(at(whole, path)));
    TEXTS.forEach(text -> values.add(JsonNodeFactory.instance.stringNode(text)));
    List<String> names = all.stream()
        .map(List::getLast)
        .filter(name -> !name.matches("[0-9]+"))
        .distinct()
        .toList();
    List<JsonNode> made = new ArrayList<>();
    while (made.size() < count) {
      JsonNode document = whole.deepCopy();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        List<List<String>> paths = paths(document, List.of());
        List<String> path = paths.get(random.nextInt(paths.size()));
        JsonNode value = values.get(random.nextInt(values.size())).deepCopy();
        JsonNode parent = at(document, path.subList(0, path.size() - 1));
        switch (random.nextInt(5)) {
          case 0 -> remove(parent, path.getLast());
          case 1 -> {
            if (parent instanceof ObjectNode object) {
              object.set(names.get(random.nextInt(names.size())), value);
            } else {
              ((ArrayNode) parent).add(value);
            }
          }
          default -> set(parent, path.getLast(), value);
        }
      }
      made.add(document);
    }
    return made;
  }

  private static JsonNode at(JsonNode whole, List<String> path) {
    JsonNode node = whole;
    for (String key : path) {
      node = child(node, key);
    }
    return node;
  }
}
