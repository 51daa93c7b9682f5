package io.dvault.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.model.Diagnostic;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlDocument;
import io.dvault.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("A4")
class SchemaCheckTest {
  private static final SchemaCheck CHECK = SchemaCheck.of(Map.of("Lamp", """
      {"$id": "https://example.org/lamp.schema.json", "type": "object", "required": ["kind", "spec"],
       "properties": {"kind": {"const": "Lamp"}, "spec": {"$ref": "#/$defs/spec"}}, "additionalProperties": false,
       "$defs": {"spec": {"type": "object", "properties": {
         "watts": {"type": "integer", "maximum": 60}, "on": {"type": "boolean"}, "places": {"type": "array",
         "items": {"type": "object", "required": ["room"], "properties": {"room": {"pattern": "^[a-z]+$"}}}}}}}}
      """));

  private static List<Diagnostic> check(String yaml) {
    Findings findings = new Findings();
    List<YamlDocument> documents =
        YamlReader.read("lamp.yaml", yaml.getBytes(StandardCharsets.UTF_8), findings);
    assertEquals(List.of(), findings.sorted());
    documents.forEach(document -> CHECK.check(document, findings));
    return findings.sorted();
  }

  private static void refused(String yaml, int line, int column, String word) {
    List<Diagnostic> found = check(yaml);
    assertEquals(1, found.size(), found::toString);
    assertEquals("DV049", found.getFirst().code());
    assertEquals(
        "lamp.yaml:" + line + ":" + column,
        found.getFirst().position().orElseThrow().toString());
    assertTrue(found.getFirst().detail().getFirst().contains(word), found::toString);
    assertTrue(found.getFirst().snippet().isPresent());
  }

  @Test
  void check_whatTheSchemaTakes_isTaken() {
    assertEquals(
        List.of(),
        check("kind: Lamp\nspec: {watts: 40, on: true, places: [{room: hall}, {room: attic}]}\n"));
    assertEquals(List.of(), check("kind: Lamp\nspec:\n  watts:\n  on: False\n"));
  }

  @Test
  void check_wrongValue_isToldInItsPlace() {
    refused("kind: Lamp\nspec:\n  watts: 75\n", 3, 10, "60");
    refused("kind: Lamp\nspec:\n  on: \"true\"\n", 3, 7, "boolean");
    refused(
        "kind: Lamp\nspec:\n  places:\n    - room: hall\n    - room: \"2\"\n", 5, 13, "pattern");
  }

  @Test
  void check_whatIsMissingOrTooMuch_isToldAtWhatHoldsIt() {
    refused("kind: Lamp\n", 1, 1, "spec");
    refused("kind: Lamp\nspec:\n  places: [{floor: 2}]\n", 3, 12, "room");
    refused("kind: Lamp\nspec: {}\ncolour: red\n", 1, 1, "colour");
  }

  @Test
  void check_secondDocument_hasItsOwnPlaces() {
    refused("kind: Lamp\nspec: {}\n---\nkind: Lamp\nspec: {watts: 75}\n", 5, 15, "60");
  }

  @Test
  void check_kindWithoutSchema_isLeftToItsPlugin() {
    assertEquals(List.of(), check("kind: Lantern\nanything: 1\n"));
    assertEquals(List.of(), check("- no\n- object\n"));
    assertEquals(List.of(), check("kind: [Lamp]\n"));
  }
}
