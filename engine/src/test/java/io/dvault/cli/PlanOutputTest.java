package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What machines read of plans, held against the schemas that are published for it. */
@Tag("P5")
class PlanOutputTest {
  private static final String BASE = "https://dvault.io/schemas/v1/output/";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Schema PLAN = schema("plan");
  private static final Schema EVENT = schema("event");

  private static final String SETUP = """
      | devnet
      $ dvault init --devnet --name fleet
      ...
      | devices drone 3 role=drone
      | device gate
      $ dvault authority create fleet-ssh
      ...
      > keys.yaml
        apiVersion: dvault.io/v1
        kind: SshKey
        metadata: {name: robot}
        spec:
          devices: {names: [drone-1, drone-2]}
          ttl: 7d
          protect: true
          install: {path: /etc/robot}
          authorizedOn: {devices: {names: [gate]}, account: ops}
        ---
      """ + ScriptRun.HOST_CERTIFICATE.indent(2);

  @TempDir
  Path folder;

  private final Set<String> types = new HashSet<>();
  private final Set<String> actions = new HashSet<>();

  private static Schema schema(String name) {
    Map<String, String> texts = Map.of(
        BASE + "plan.schema.json", resource("plan"), BASE + "event.schema.json", resource("event"));
    return SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(texts))
        .getSchema(SchemaLocation.of(BASE + name + ".schema.json"));
  }

  private static String resource(String name) {
    try (var in = PlanOutputTest.class.getResourceAsStream(
        "/io/dvault/schemas/output/" + name + ".schema.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void check(ScriptRun run, int exitCode, String... options) {
    String[] words = new String[options.length + 3];
    System.arraycopy(options, 0, words, 3, options.length);
    System.arraycopy(new String[] {"plan", "-detailed-exitcode", "-json"}, 0, words, 0, 3);
    assertEquals(exitCode, run.dvault(List.of(), words), run.output());
    JsonNode plan = JSON.readTree(run.output());
    assertEquals(List.of(), PLAN.validate(plan), run.output());
    assertEquals(
        List.of("no-changes", "refused", "changes").get(exitCode),
        plan.path("verdict").asString());
    plan.path("changes").forEach(change -> actions.add(change.path("action").asString()));

    words[2] = "-events";
    assertEquals(exitCode, run.dvault(List.of(), words), run.output());
    events(run.output());
  }

  private void events(String output) {
    for (String line : output.lines().toList()) {
      JsonNode event = JSON.readTree(line);
      assertEquals(List.of(), EVENT.validate(event), line);
      types.add(event.path("type").asString());
    }
  }

  @Test
  void output_ofEveryKindOfPlan_passesItsSchema() throws Exception {
    try (ScriptRun run = new ScriptRun(folder)) {
      run.play(SETUP);
      check(run, ExitCode.CHANGES);
      check(run, ExitCode.CHANGES, "-target", "drone-1");
      assertEquals(0, run.dvault(List.of(), "apply", "-auto-approve", "-json"), run.output());
      events(run.output());
      check(run, ExitCode.OK);
      check(run, ExitCode.CHANGES, "-replace", "SshKey", "-renew-head");
      Path keys = folder.resolve("keys.yaml");
      String yaml = Files.readString(keys);
      Files.writeString(keys, yaml.replace("name: sshd-host", "name: host") + """
          ---
          apiVersion: dvault.io/v1
          kind: Moved
          metadata: {name: host}
          spec: {from: SshCertificate/sshd-host, to: SshCertificate/host}
          """);
      check(run, ExitCode.OK);
      Files.writeString(keys, yaml.substring(yaml.indexOf("---") + 4));
      check(run, ExitCode.FAILED);
      Files.writeString(keys, "kind: [");
      assertEquals(ExitCode.FAILED, run.dvault(List.of(), "plan", "-events"));
      events(run.output());
    }
    assertEquals(Set.of("issue", "rotate", "revoke"), actions);
    assertTrue(
        types.containsAll(Set.of(
            "version",
            "planned_change",
            "planned_authority",
            "planned_head",
            "moved",
            "diagnostic",
            "change_summary",
            "apply_progress",
            "apply_published",
            "apply_complete",
            "log")),
        types::toString);
  }
}
