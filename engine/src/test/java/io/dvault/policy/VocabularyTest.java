package io.dvault.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code docs/policy.md} and the JSON Schema of cases name every field that rules can ask, and no other. */
class VocabularyTest {
  private static final Map<Struct, String> PREFIX = Map.of(
      Vocabulary.CHANGE,
      "change",
      Vocabulary.DEVICE,
      "device",
      Vocabulary.INSTALL,
      "install",
      Vocabulary.PLAN,
      "plan",
      Vocabulary.AUTHORITY,
      "authority",
      Vocabulary.REPOSITORY,
      "repository",
      Vocabulary.VAULT,
      "vault");

  private static String words(CelType type) {
    return switch (type) {
      case ListType list -> "list(" + words(list.elemType()) + ")";
      case MapType map -> "map(" + words(map.keyType()) + ", " + words(map.valueType()) + ")";
      default -> type.name().replace("dvault.", "").replace("google.protobuf.Duration", "duration");
    };
  }

  @TestFactory
  Stream<DynamicTest> document_hasEveryField() throws IOException {
    List<String> lines =
        Files.readAllLines(Path.of(System.getProperty("dvault.root"), "docs/policy.md"));
    return Vocabulary.ALL.stream()
        .map(struct -> DynamicTest.dynamicTest(struct.name(), () -> {
          String start = "| `" + PREFIX.get(struct) + ".";
          assertEquals(
              struct.fields().stream()
                  .map(field -> start + field.name() + "` | " + words(field.type()) + " | "
                      + field.description() + " |")
                  .toList(),
              lines.stream().filter(line -> line.startsWith(start)).toList());
        }));
  }

  @TestFactory
  Stream<DynamicTest> schemaOfCases_hasEveryField() throws IOException {
    JsonNode schema;
    try (var in = getClass().getResourceAsStream("/io/dvault/schemas/policy-test.schema.json")) {
      schema = JsonMapper.builder().build().readTree(in);
    }
    JsonNode cases = schema.at("/properties/spec/properties/cases/items/properties");
    assertTrue(cases.isObject());
    return Stream.of("change", "plan", "vault")
        .map(name -> DynamicTest.dynamicTest(name, () -> {
          Struct struct = Vocabulary.ALL.stream()
              .filter(each -> PREFIX.get(each).equals(name))
              .findFirst()
              .orElseThrow();
          assertEquals(
              struct.fields().stream().map(Field::name).toList(),
              List.copyOf(cases.path(name).path("properties").propertyNames()));
        }));
  }
}
