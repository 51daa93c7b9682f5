package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.dvault.cli.view.DiagnosticJson;
import io.dvault.schema.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code validate -json} has the form of its schema, and every finding in a file has its place. */
@Tag("A1")
class ValidateOutputTest {
  private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12)
      .getSchema(Schemas.text("output/validate.schema.json"), InputFormat.JSON);

  @TempDir
  Path folder;

  private JsonNode validate(int exitCode) throws IOException {
    try (ScriptRun run = new ScriptRun(folder)) {
      assertEquals(exitCode, run.dvault(List.of(), "validate", "-json"), run.output());
      assertEquals(List.of(), SCHEMA.validate(run.output(), InputFormat.JSON), run.output());
      return DiagnosticJson.MAPPER.readTree(run.output());
    }
  }

  @Test
  void json_noVault_isOneFindingWithoutAPlace() throws IOException {
    assertEquals("DV024", validate(1).path("diagnostics").path(0).path("code").asString());
  }

  @Test
  void json_manyMistakes_allAtOnceWithTheirPlaces() throws IOException {
    Files.writeString(folder.resolve("vault.yaml"), """
        apiVersion: dvault.io/v1
        kind: Vault
        metadata: {name: Fleet}
        spec: {chain: {id: x, rpc: [y]}, governance: {threshold: 2, approvers: []}, salt: z, colour: red}
        """);
    Files.writeString(folder.resolve("a.yaml"), """
        apiVersion: dvault.io/v1
        kind: Grant
        metadata: {name: a}
        spec: {publicKey: no, acount: ops, ttl: 1s, password: hunter2}
        ---
        apiVersion: dvault.io/v1
        kind: Grnat
        """);
    JsonNode json = validate(1);
    assertTrue(json.path("errors").asInt() >= 10, json.toPrettyString());
    json.path("diagnostics").forEach(each -> assertTrue(each.has("column"), each.toString()));
    assertTrue(json.toString().contains("did you mean \\\"Grant\\\"?"), json.toPrettyString());
  }

  @Test
  void json_rightFiles_countsWhatTheyDeclare() throws IOException {
    Files.writeString(folder.resolve("vault.yaml"), GitFolderFixture.VAULT);
    assertEquals(0, validate(0).path("devices").asInt(-1));
  }
}
