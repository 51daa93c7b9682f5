package io.dvault.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is made from the schemas is as made: {@code -Ddvault.update=true} writes the reference anew. */
@Tag("A4")
class SchemaDocumentsTest {
  private static final Path ROOT = Path.of(System.getProperty("dvault.root"));

  @Test
  void reference_isWhatTheSchemasSay() throws IOException {
    Map<String, String> pages = new HashMap<>();
    Schemas.kinds()
        .keySet()
        .forEach(kind -> pages.put(SchemaReference.page(kind), SchemaReference.of(kind)));
    pages.put(SchemaReference.page(Schemas.AGENT_FILE), SchemaReference.of(Schemas.AGENT_FILE));
    pages.put("README.md", SchemaReference.index());
    Path folder = ROOT.resolve("docs/reference");
    if (Boolean.getBoolean("dvault.update")) {
      Files.createDirectories(folder);
      for (Map.Entry<String, String> page : pages.entrySet()) {
        Files.writeString(folder.resolve(page.getKey()), page.getValue());
      }
    }
    for (Map.Entry<String, String> page : pages.entrySet()) {
      assertEquals(page.getValue(), Files.readString(folder.resolve(page.getKey())), page.getKey());
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          pages.keySet(),
          files
              .map(file -> file.getFileName().toString())
              .collect(java.util.stream.Collectors.toSet()));
    }
  }

  @Test
  void schemas_everyProperty_hasADescription() {
    List<String> silent = new ArrayList<>();
    assertFalse(Schemas.kinds().isEmpty());
    Schemas.kinds()
        .forEach((kind, file) -> silent(kind, Schemas.MAPPER.readTree(Schemas.text(file)), silent));
    silent("agent.yaml", Schemas.MAPPER.readTree(Schemas.text(Schemas.AGENT)), silent);
    silent("all", Schemas.MAPPER.readTree(Schemas.text(Schemas.ALL)), silent);
    assertEquals(List.of(), silent);
  }

  private static void silent(String path, JsonNode node, List<String> silent) {
    // What is asked of a property is not the property.
    boolean condition = (path + ".").matches(".*\\.(if|then|else)\\..*");
    node.path("properties").properties().forEach(each -> {
      boolean described = each.getValue().has("description") || each.getValue().has("$ref");
      if (!described && !condition) {
        silent.add(path + "." + each.getKey());
      }
    });
    if (node.isContainer()) {
      node.properties()
          .forEach(each -> silent(path + "." + each.getKey(), each.getValue(), silent));
      for (int i = 0; node.isArray() && i < node.size(); i++) {
        silent(path + "." + i, node.get(i), silent);
      }
    }
  }

  @Test
  void examples_areInTheStyle_andTellEditorsTheirSchema() throws IOException {
    int seen = 0;
    for (Path file : examples()) {
      String text = Files.readString(file);
      Findings findings = new Findings();
      assertEquals(
          text,
          YamlFormat.format(file.toString(), text.getBytes(StandardCharsets.UTF_8), findings)
              .orElse(""),
          () -> file + ": dvault fmt " + findings.sorted());
      Path vault = ROOT.resolve("examples").relativize(file);
      String inVault = vault.subpath(1, vault.getNameCount()).toString();
      if (file.endsWith("agent.yaml")) {
        String line = Schemas.agentModeline(inVault);
        assertTrue(text.startsWith(line), file + " does not start with " + line);
        seen++;
      }
      if (text.contains("apiVersion:")) {
        assertTrue(
            text.startsWith(Schemas.modeline(inVault)),
            file + " does not start with " + Schemas.modeline(inVault));
        seen++;
      }
    }
    assertTrue(seen >= 6, "only " + seen);
  }

  private static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("examples"))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") && !file.toString().contains("/."))
          .sorted()
          .toList();
    }
  }

  /** As an editor does: files beside each other, no network. */
  @Test
  void write_folderOfSchemas_resolvesWithinItself(@TempDir Path folder) throws IOException {
    Schemas.write(folder);
    String main = folder.resolve(Schemas.ALL).toUri().toString();
    Map<String, String> texts = new HashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        JsonNode node = Schemas.MAPPER.readTree(Files.readString(file));
        ((tools.jackson.databind.node.ObjectNode) node).remove("$id");
        texts.put(file.toUri().toString(), node.toString());
      }
    }
    var schema = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(texts))
        .getSchema(com.networknt.schema.SchemaLocation.of(main));
    String grant =
        "{\"apiVersion\": \"dvault.io/v1\", \"kind\": \"Grant\", \"metadata\": {\"name\": \"a\"}, \"spec\": {%s}}";
    assertEquals(List.of(), schema.validate(grant.formatted("\"ttl\": \"5m\""), InputFormat.JSON));
    assertEquals(
        1,
        schema.validate(grant.formatted("\"tttl\": \"5m\""), InputFormat.JSON).size());
  }
}
