package io.dvault.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.dvault.model.Diagnostic;
import io.dvault.model.Diagnostic.Severity;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlDocument;
import io.dvault.yaml.YamlNode;
import io.dvault.yaml.YamlNode.Mapping;
import io.dvault.yaml.YamlNode.Scalar;
import io.dvault.yaml.YamlNode.Sequence;
import io.dvault.yaml.YamlReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schemas and {@code validate} agree: what an editor underlines is an error, and what is right passes both.
 */
@Tag("A4")
class SchemaTest {
  private static final String BASE = "https://dvault.io/schemas/v1/";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Schema SCHEMA = schema();

  @TempDir Path folder;
  private TestVault vault;

  private static Schema schema() {
    Map<String, String> texts = new HashMap<>();
    List<String> files = List.of("dvault", "vault", "device", "authority", "ssh-key", "ssh-certificate", "grant",
        "token", "moved", "trust-policy", "policy-test");
    for (String file : files) {
      String text = resource(file);
      texts.put(JSON.readTree(text).path("$id").asString(), text);
    }
    return SchemaRegistry
        .withDefaultDialect(SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(texts))
        .getSchema(SchemaLocation.of(BASE + "dvault.schema.json"));
  }

  private static String resource(String name) {
    try (var in = SchemaTest.class.getResourceAsStream("/io/dvault/schemas/" + name + ".schema.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void fleet() {
    vault = TestVault.in(folder).device("drone-1", "role: drone").authority("fleet-ssh", 1);
  }

  /** YAML as the schema's data model has it, with types by the YAML 1.2 core schema. */
  private static JsonNode json(YamlNode node) {
    return switch (node) {
      case Scalar scalar when !scalar.plain() -> JsonNodeFactory.instance.stringNode(scalar.text());
      case Scalar scalar when scalar.text().matches("true|false") ->
          JsonNodeFactory.instance.booleanNode(scalar.text().equals("true"));
      case Scalar scalar when scalar.text().matches("-?(0|[1-9][0-9]*)") ->
          JsonNodeFactory.instance.numberNode(Long.parseLong(scalar.text()));
      case Scalar scalar when scalar.text().matches("|~|null") -> JsonNodeFactory.instance.nullNode();
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

  private static List<JsonNode> documents(String file, String yaml) {
    Findings findings = new Findings();
    List<YamlDocument> documents = YamlReader.read(file, yaml.getBytes(StandardCharsets.UTF_8), findings);
    assertEquals(List.of(), findings.sorted());
    return documents.stream().map(document -> json(document.root())).toList();
  }

  private static boolean accepts(JsonNode document) {
    return SCHEMA.validate(document).isEmpty();
  }

  @Test
  void examples_everyObject_passesItsSchema() throws IOException {
    int seen = 0;
    Path examples = Path.of(System.getProperty("dvault.root"), "examples");
    try (Stream<Path> files = Files.walk(examples)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).sorted().toList()) {
        for (JsonNode document : documents(file.toString(), Files.readString(file))) {
          if (document.has("apiVersion")) {
            assertEquals(List.of(), SCHEMA.validate(document), file.toString());
            seen++;
          }
        }
      }
    }
    assertTrue(seen >= 3, "only " + seen + " objects in examples");
  }

  @Test
  void schemas_everyKindOfTheClassPath_hasOne() {
    JsonNode kinds = JSON.readTree(resource("dvault")).path("properties").path("kind").path("enum");
    List<String> listed = new ArrayList<>();
    kinds.forEach(each -> listed.add(each.asString()));
    assertTrue(listed.containsAll(TestVault.plugins().kinds().keySet()));
    assertTrue(listed.containsAll(Envelope.coreKinds()));
  }

  private String base(String kind) throws IOException {
    return switch (kind) {
      case "Vault" -> TestVault.vaultYaml() + "  agents: {poll: 30s, staleAfter: 30d}\n"
          + "  defaults: {SshKey: {ttl: 7d, install: {path: /etc/keys}}}\n"
          + "  admins: [{name: ann, recipient: \"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\"}]\n";
      case "Device" -> Files.readString(folder.resolve("devices/drone-1.yaml"));
      case "Authority" -> object(kind, """
          type: ssh
          key: {type: ed25519, generation: 1}
          trustedBy: {devices: {names: [drone-1]}, hosts: ["*.fleet.example"], install: {path: /etc/ssh/dvault,
              action: x}}""");
      case "SshKey" -> object(kind, """
          devices: {selector: {role: drone}}
          algorithm: ed25519
          ttl: 7d
          renewBefore: 2d
          install: {path: /etc/backup, action: reload, owner: "root:root"}
          protect: true
          authorizedOn: {devices: {names: [drone-1]}, account: ops}""");
      case "SshCertificate" -> object(kind, """
          authority: fleet-ssh
          type: host
          devices:
            names: ["drone-*"]
            matchExpressions: [{key: role, operator: In, values: [drone]}, {key: x, operator: DoesNotExist}]
            except: [drone-9]
          principals: ["{device}.fleet.example"]
          ttl: 7d
          renewBefore: 2d
          install: {path: /etc/ssh/dvault, action: reload-sshd}""");
      case "Grant" -> object(kind, """
          publicKey: "%s"
          account: ops
          devices: {names: [drone-1]}
          ttl: 5m
          reason: "INC-4711\"""".formatted(TestVault.ALICE));
      case "Token" -> object(kind, """
          devices: {names: [drone-1]}
          ttl: 7d
          from: {random: {bytes: 32, encoding: hex}}
          install: {path: /etc/app, mode: "0600", file: api}""");
      case "Moved" -> object(kind, "from: SshKey/old\nto: SshKey/new");
      case "TrustPolicy" -> object(kind, """
          enforce: {longestTtl: {Grant: 15m}, kinds: [Grant], keyTypes: [ssh-ed25519], paths: [/etc/ssh]}
          variables: [{name: access, expression: 'change.kind == "Grant"'}]
          rules:
            - {name: short, over: change, action: deny, operations: [issue, revoke], when: variables.access, require: change.ttl < duration("15m"),
               message: too long, messageExpression: '"lasts " + string(change.ttl)'}
            - {name: few, over: plan, action: warn, require: plan.revocations < 10}""");
      case "PolicyTest" -> object(kind, """
          cases:
            - name: a
              change: {address: Grant/a@b, action: issue, ttl: 5m, spec: {reason: x}, install: {path: /etc},
                  device: {labels: {role: drone}}, principals: [a], protect: true, generation: 3}
              vault: {threshold: 2, approvers: [ops]}
              now: "2026-11-22T20:00:00Z"
              expect: {deny: [], warn: []}
            - name: b
              plan: {revocations: 3, changes: [{kind: Token}], repository: {clean: true}}""");
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static String object(String kind, String spec) {
    return "apiVersion: dvault.io/v1\nkind: %s\nmetadata: {name: %s, labels: {team: a}}\nspec:\n%s".formatted(
        kind, kind.equals("Authority") ? "fleet-ssh" : "x", spec.indent(2));
  }

  private String file(String kind) {
    return switch (kind) {
      case "Vault" -> "vault.yaml";
      case "Device" -> "devices/drone-1.yaml";
      case "Authority" -> "authority-fleet-ssh.yaml";
      default -> "x.yaml";
    };
  }

  private List<Diagnostic> errors() {
    return vault.findings().stream().filter(each -> each.severity() == Severity.ERROR).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Vault", "Device", "Authority", "SshKey", "SshCertificate", "Grant", "Token", "Moved",
      "TrustPolicy", "PolicyTest"})
  void mutations_whatTheSchemaRefuses_validateRefusesToo(String kind) throws IOException {
    String yaml = base(kind);
    JsonNode whole = documents("base", yaml).getFirst();
    vault.file(file(kind), yaml);
    assertEquals(List.of(), errors());
    assertEquals(List.of(), SCHEMA.validate(whole));

    List<JsonNode> mutants = mutants(whole);
    int refused = 0;
    for (JsonNode mutant : mutants) {
      if (!accepts(mutant)) {
        vault.file(file(kind), mutant.toString());
        assertFalse(errors().isEmpty(), () -> "the schema refuses, validate does not: " + mutant);
        refused++;
      }
    }
    assertTrue(refused > 40, refused + " of " + mutants.size() + " refused");
  }

  /** Each place of the document without its value, with an extra field, and with values of every other type. */
  private static List<JsonNode> mutants(JsonNode whole) {
    List<JsonNode> mutants = new ArrayList<>();
    List<JsonNode> others = List.of(
        JsonNodeFactory.instance.stringNode(""),
        JsonNodeFactory.instance.stringNode("no such thing *"),
        JsonNodeFactory.instance.numberNode(-7),
        JsonNodeFactory.instance.booleanNode(true),
        JsonNodeFactory.instance.nullNode(),
        JSON.createArrayNode(),
        JSON.createArrayNode().add(1),
        JSON.createObjectNode(),
        JSON.createObjectNode().put("zzz", "1"));
    for (List<String> path : paths(whole, List.of())) {
      mutants.add(changed(whole, path, (parent) -> remove(parent, path.getLast())));
      for (JsonNode other : others) {
        mutants.add(changed(whole, path, parent -> set(parent, path.getLast(), other)));
      }
    }
    return mutants;
  }

  private static List<List<String>> paths(JsonNode node, List<String> prefix) {
    List<List<String>> paths = new ArrayList<>();
    List<String> keys = node.isObject() ? List.copyOf(node.propertyNames())
        : node.isArray() ? Stream.iterate(0, i -> i < node.size(), i -> i + 1).map(String::valueOf).toList()
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
    JsonNode parent = copy;
    for (String key : path.subList(0, path.size() - 1)) {
      parent = child(parent, key);
    }
    change.accept(parent);
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
}
