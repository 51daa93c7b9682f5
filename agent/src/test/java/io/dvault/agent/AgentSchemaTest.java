package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import io.dvault.disk.Layout;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.testing.SchemaDocuments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The schema of {@code agent.yaml} and the agent agree both ways. */
@Tag("A4")
class AgentSchemaTest {
  private static final Schema SCHEMA = SchemaDocuments.schema("agent", List.of());

  private static final String WHOLE = """
      root: /
      poll: 30s
      events: {from: ["wss://rpc.example/ws"], poll: 10m}
      rpc: ["https://rpc.example", "http://127.0.0.1:8545"]
      quorum: 2
      gateways: ["https://ipfs.example"]
      folders: [/etc/ssh/dvault, /etc/app]
      actions:
        reload-sshd: {check: [sshd, -t], run: [systemctl, reload, ssh], probe: [systemctl, is-active], timeout: 10s}
      accounts:
        ops: {authorizedKeys: /home/ops/.ssh/authorized_keys}
      sessions: {end: account}
      receipts: [{file: /var/spool/dvault}, {http: "https://collector.example/receipts"}]
      """;

  /** What a schema cannot see: the device, sums of durations, other fields, and what is allowed within a URL. */
  private static final Set<String> BEYOND = Set.of(
      "poll too short",
      "root is no folder",
      "folder cannot be managed",
      "poll shorter than without events",
      "not RPC endpoints",
      "not WebSocket endpoints",
      "not a gateway",
      "not an http URL",
      "not a URL",
      "\"quorum\" is out of range");

  @TempDir
  Path root;

  private Layout layout;

  @BeforeEach
  void device() throws IOException {
    layout = Layout.of(root);
    Files.createDirectories(layout.config().getParent());
  }

  private List<Diagnostic> errors(String yaml) throws IOException {
    Files.writeString(layout.config(), yaml);
    try {
      AgentYaml.read(layout);
      return List.of();
    } catch (DiagnosticException e) {
      return e.diagnostics();
    }
  }

  @Test
  void documentsNearARightOne_schemaAndAgentAgree() throws IOException {
    JsonNode whole = SchemaDocuments.of("agent.yaml", WHOLE).getFirst();
    assertEquals(List.of(), errors(WHOLE));
    assertEquals(List.of(), SCHEMA.validate(whole));
    List<JsonNode> near = new ArrayList<>(SchemaDocuments.mutants(whole));
    near.addAll(SchemaDocuments.random(whole, 2_000, 4));
    int refused = 0;
    int taken = 0;
    List<String> differ = new ArrayList<>();
    for (JsonNode each : near) {
      List<Diagnostic> errors = errors(each.toString());
      if (!SCHEMA.validate(each).isEmpty()) {
        refused++;
        if (errors.isEmpty()) {
          differ.add(
              "the schema refuses, the agent does not: " + each + " " + SCHEMA.validate(each));
        }
      } else if (errors.isEmpty()) {
        taken++;
      } else if (errors.stream().anyMatch(error -> !BEYOND.contains(error.summary()))) {
        differ.add("the agent refuses, the schema does not: " + each + " " + errors);
      }
    }
    assertEquals(List.of(), differ);
    assertTrue(
        refused > 100 && taken > 50,
        refused + " refused and " + taken + " taken of " + near.size());
  }

  @Test
  void enrolled_settingsNameTheirSchemaBesideThem_andPassIt() throws IOException {
    byte[] written = AgentSchemaTest.class.getResourceAsStream("agent.yaml").readAllBytes();
    String yaml = new String(written, StandardCharsets.UTF_8);
    assertTrue(
        yaml.startsWith(
            "# yaml-language-server: $schema=" + layout.configSchema().getFileName() + "\n"),
        yaml);
    assertEquals(
        List.of(), SCHEMA.validate(SchemaDocuments.of("agent.yaml", yaml).getFirst()));
    String shown = yaml.replaceAll("(?m): (\\{\\}|\\[\\])$", ":")
        .replaceAll("(?m)^# (?=events|rpc|quorum|gateways)|^#(?=  )", "");
    assertEquals(
        List.of(),
        SCHEMA.validate(SchemaDocuments.of("agent.yaml", shown).getFirst()),
        "with its examples");
  }
}
