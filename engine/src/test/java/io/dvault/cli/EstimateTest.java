package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a plan says that an apply costs, held against what it then costs on anvil. */
@Tag("P8")
class EstimateTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final double TENTH = 0.1;

  private static final String KEYS = ScriptRun.HOST_CERTIFICATE + """
      ---
      apiVersion: dvault.io/v1
      kind: SshKey
      metadata: {name: robot}
      spec:
        devices: {names: [drone-1]}
        ttl: 7d
        install: {path: /etc/robot}
        authorizedOn: {devices: {names: [drone-2]}, account: ops}
      """;
  private static final String GRANT = """
      apiVersion: dvault.io/v1
      kind: Grant
      metadata: {name: alice}
      spec:
        publicKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f alice@laptop
        account: ops
        devices: {names: [drone-3]}
        ttl: 5m
        reason: INC-4711
      """;

  @TempDir
  Path folder;

  private final List<String> wrong = new ArrayList<>();

  private ScriptRun vault(String init, int devices) throws Exception {
    ScriptRun run = new ScriptRun(folder);
    run.play("| devnet\n$ dvault init --devnet --name fleet" + init + "\n...\n| devices drone "
        + devices + " role=drone\n$ dvault authority create fleet-ssh\n...\n");
    return run;
  }

  private void check(String what, ScriptRun run, String... options) {
    List<String> plan = new ArrayList<>(List.of("plan", "-json"));
    List<String> apply = new ArrayList<>(List.of("apply", "-json", "-auto-approve"));
    List<String> narrow =
        Arrays.stream(options).takeWhile(option -> !option.equals("-approver")).toList();
    plan.addAll(narrow);
    apply.addAll(Arrays.asList(options));
    assertEquals(0, run.dvault(List.of(), plan.toArray(String[]::new)), run.output());
    JsonNode told = JSON.readTree(run.output()).path("estimate");
    assertEquals(0, run.dvault(List.of(), apply.toArray(String[]::new)), run.output());
    long bytes = 0;
    long gas = 0;
    int transactions = 0;
    for (String line : run.output().lines().toList()) {
      JsonNode event = JSON.readTree(line);
      bytes += event.path("type").asString().equals("apply_published")
          ? event.path("bytes").asLong()
          : 0;
      gas += event.path("gas").asLong(0);
      transactions += event.path("type").asString().equals("apply_complete") ? 1 : 0;
    }
    assertEquals(told.path("transactions").asInt(), transactions, what);
    near(what + ": gas", told.path("gas").asLong(), gas);
    near(what + ": bytes", told.path("bytes").asLong(), bytes);
  }

  private void near(String what, long told, long real) {
    if (Math.abs(told - real) > TENTH * real) {
      wrong.add(what + ": told " + told + ", real " + real);
    }
  }

  @Test
  void estimate_ofWhateverIsApplied_isWithinATenth() throws Exception {
    try (ScriptRun run = vault("", 3)) {
      Path file = folder.resolve("keys.yaml");
      Files.writeString(file, KEYS);
      check("first apply of 3 devices", run);
      check("one certificate again", run, "-replace", "SshCertificate/*@drone-1");
      check("one key and who carries it", run, "-replace", "SshKey");
      Files.writeString(folder.resolve("grant.yaml"), GRANT);
      check("one grant", run);
      Files.delete(folder.resolve("grant.yaml"));
      check("one revocation", run);
      check("head alone", run, "-renew-head");
    }
    assertTrue(wrong.isEmpty(), wrong::toString);
  }

  @Test
  void estimate_ofAFleet_isWithinATenth() throws Exception {
    try (ScriptRun run = vault("", 120)) {
      Files.writeString(folder.resolve("keys.yaml"), KEYS);
      check("first apply of 120 devices", run);
      check("12 of 120", run, "-replace", "SshCertificate/*@drone-1?");
      check("all of 120", run, "-replace", "SshCertificate");
    }
    assertTrue(wrong.isEmpty(), wrong::toString);
  }

  @Test
  void estimate_withSeveralApprovers_isWithinATenth() throws Exception {
    String init = " --approver-address 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
        + " --approver-address 0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
        + " --approver-address 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC --threshold 3";
    try (ScriptRun run = vault(init, 2)) {
      Files.writeString(folder.resolve("keys.yaml"), KEYS);
      String[] keys = {"-approver", "devnet:0", "-approver", "devnet:1", "-approver", "devnet:2"};
      check("three approvers, first", run, keys);
      String[] again = {
        "-replace",
        "drone-1",
        "-approver",
        "devnet:0",
        "-approver",
        "devnet:1",
        "-approver",
        "devnet:2"
      };
      check("three approvers, second", run, again);
    }
    assertTrue(wrong.isEmpty(), wrong::toString);
  }
}
