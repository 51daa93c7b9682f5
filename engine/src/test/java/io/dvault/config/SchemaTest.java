package io.dvault.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import io.dvault.model.Diagnostic;
import io.dvault.model.Diagnostic.Severity;
import io.dvault.testing.SchemaDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON Schemas and {@code validate} agree both ways: what an editor underlines is an error, and what is wrong by
 * its form is underlined; the rest is listed in {@link #BEYOND}.
 */
@Tag("A4")
class SchemaTest {
  private static final Schema SCHEMA = SchemaDocuments.schema(
      "dvault",
      List.of(
          "vault",
          "device",
          "authority",
          "ssh-key",
          "ssh-certificate",
          "tls-certificate",
          "grant",
          "token",
          "moved",
          "trust-policy",
          "policy-test"));

  /** What is wrong by more than its form: a schema sees one object, and neither others nor what values mean. */
  private static final Map<String, String> BEYOND = Map.of(
      "DV178", "a file is named twice among several fields",
      "DV031", "a proof holds for one name, identity and vault",
      "DV033", "an authority's keys are files beside it",
      "DV035", "a device is declared elsewhere",
      "DV036", "a selector matches devices that are declared elsewhere",
      "DV130", "a host's principals may come from its devices",
      "DV131", "a public key is more than its letters",
      "DV250", "CEL has a grammar and types of its own",
      "DV252", "a name is used twice in one list");

  /** Kinds whose fields may stand in the vault's defaults instead: what is missing is seen when both are known. */
  private static final List<String> WITH_DEFAULTS =
      List.of("SshKey", "SshCertificate", "TlsCertificate", "Grant", "Token");

  private static final List<String> MISSING = List.of("DV013", "DV120", "DV161", "DV170");

  @TempDir
  Path folder;

  private TestVault vault;

  @BeforeEach
  void fleet() {
    vault = TestVault.in(folder)
        .device("drone-1", "role: drone")
        .authority("fleet-ssh", 1)
        .authority("tls", "ecdsa-p256", "services", 1);
  }

  private static boolean accepts(JsonNode document) {
    return SCHEMA.validate(document).isEmpty();
  }

  @Test
  void examples_everyObject_passesItsSchema() throws IOException {
    int seen = 0;
    Path examples = Path.of(System.getProperty("dvault.root"), "examples");
    try (Stream<Path> files = Files.walk(examples)) {
      for (Path file :
          files.filter(each -> each.toString().endsWith(".yaml")).sorted().toList()) {
        for (JsonNode document : SchemaDocuments.of(file.toString(), Files.readString(file))) {
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
    JsonNode kinds =
        JsonMapper.shared().readTree(SchemaDocuments.text("dvault")).at("/properties/kind/enum");
    List<String> listed = new ArrayList<>();
    kinds.forEach(each -> listed.add(each.asString()));
    assertTrue(listed.containsAll(TestVault.plugins().kinds().keySet()));
    assertTrue(listed.containsAll(Envelope.coreKinds()));
  }

  private String base(String kind) throws IOException {
    return switch (kind) {
      case "Vault" ->
        TestVault.vaultYaml() + "  agents: {poll: 30s, staleAfter: 30d}\n"
            + "  defaults: {SshKey: {ttl: 7d, install: {path: /etc/keys}}}\n"
            + "  admins: [{name: ann, recipient: "
            + "\"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\"}]\n";
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
      case "TlsCertificate" -> object(kind, """
          authority: services
          algorithm: ecdsa-p256
          devices: {names: [drone-1]}
          commonName: "{device}"
          dnsNames: ["{device}.example", "*.web.example"]
          ipAddresses: ["127.0.0.1"]
          uris: ["spiffe://example/{device}"]
          usages: [server, client]
          ttl: 7d
          renewBefore: 2d
          install: {path: /etc/tls, certificate: a.crt, key: a.key, ca: ca.crt, action: reload-nginx, owner: root}
          protect: false""");
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
            - {name: short, over: change, action: deny, operations: [issue, revoke],
               when: variables.access, require: change.ttl < duration("15m"),
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
    return "apiVersion: dvault.io/v1\nkind: %s\nmetadata: {name: %s, labels: {team: a}}\nspec:\n%s"
        .formatted(kind, kind.equals("Authority") ? "fleet-ssh" : "x", spec.indent(2));
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
    return vault.findings().stream()
        .filter(each -> each.severity() == Severity.ERROR)
        .toList();
  }

  private static boolean isBeyond(String kind, String code) {
    return BEYOND.containsKey(code) || WITH_DEFAULTS.contains(kind) && MISSING.contains(code);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Vault",
        "Device",
        "Authority",
        "SshKey",
        "SshCertificate",
        "TlsCertificate",
        "Grant",
        "Token",
        "Moved",
        "TrustPolicy",
        "PolicyTest"
      })
  void documentsNearARightOne_schemaAndValidateAgree(String kind) throws IOException {
    schemaAndValidateAgree(kind, 20);
  }

  @ParameterizedTest
  @Tag("slow")
  @ValueSource(
      strings = {
        "Vault",
        "Device",
        "Authority",
        "SshKey",
        "SshCertificate",
        "TlsCertificate",
        "Grant",
        "Token",
        "Moved",
        "TrustPolicy",
        "PolicyTest"
      })
  void manyDocumentsNearARightOne_schemaAndValidateAgree(String kind) throws IOException {
    schemaAndValidateAgree(kind, 150);
  }

  /** Each document with one change, and so many with several, the same ones each time. */
  private void schemaAndValidateAgree(String kind, int random) throws IOException {
    String yaml = base(kind);
    JsonNode whole = SchemaDocuments.of("base", yaml).getFirst();
    vault.file(file(kind), yaml);
    assertEquals(List.of(), errors());
    assertEquals(List.of(), SCHEMA.validate(whole));

    List<JsonNode> near = new ArrayList<>(SchemaDocuments.mutants(whole));
    near.addAll(SchemaDocuments.random(whole, random, kind.hashCode()));
    int refused = 0;
    int taken = 0;
    List<String> differ = new ArrayList<>();
    for (JsonNode each : near) {
      vault.file(file(kind), each.toString());
      List<Diagnostic> errors = errors();
      if (!accepts(each)) {
        refused++;
        if (errors.isEmpty()) {
          differ.add("the schema refuses, validate does not: " + each);
        }
      } else if (errors.isEmpty()) {
        taken++;
      } else if (errors.stream().anyMatch(error -> !isBeyond(kind, error.code()))) {
        differ.add("validate refuses, the schema does not: " + each + " " + errors);
      }
    }
    assertEquals(List.of(), differ);
    assertTrue(
        refused > 40 && taken > 2, refused + " refused and " + taken + " taken of " + near.size());
  }
}
