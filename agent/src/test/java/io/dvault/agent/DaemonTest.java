package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.gateway.HostileGateway.Fault;
import io.dvault.receipt.SignedReceipt;
import io.dvault.testing.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The daemon as a process: it polls, expires without a network, survives kills, stops when told. */
@ExtendWith(TestFleet.Fixture.class)
class DaemonTest {
  private final TestFleet fleet;
  private final TestVault vault;
  private final TestDevice device;

  DaemonTest(TestFleet fleet) {
    this.fleet = fleet;
    this.vault = fleet.vault;
    this.device = fleet.device;
  }

  @Test
  @Tag("I8")
  @Tag("G3")
  void run_endpointsHangAndAgentWasKilled_grantStillEndsOnTime() throws Exception {
    Instant end = TestVault.now().plusSeconds(20);
    vault.put(
        device.recipient,
        TestEntry.named("alice")
            .keys("ops", "restrict", ConvergeTest.KEY, "alice")
            .until(end));
    vault.put(device.recipient, TestEntry.named("app").file("/etc/app/secret", "long"));
    vault.commit();
    try (AgentProcess first = AgentProcess.run(device.layout.root())) {
      first.await(
          "the grant",
          () -> Files.exists(device.authorizedKeys()) && device.has("/etc/app/secret"));
      first.kill();
    }
    vault.rpc.waitBeforeAnswers(Duration.ofMinutes(2));
    vault.gateway.misbehave(Fault.SILENT);
    vault.second.misbehave(Fault.SILENT);
    try (AgentProcess second = AgentProcess.run(device.layout.root())) {
      second.await("the end of the grant", () -> !Files.exists(device.authorizedKeys()));
      assertFalse(Instant.now().isBefore(end), "not before its time");
      assertEquals("long", device.read("/etc/app/secret"));
    }
  }

  @Test
  @Tag("O6")
  @Tag("G8")
  void run_commitsCome_installsThemWritesReceiptsAndStopsCleanly() throws Exception {
    try (AgentProcess agent = AgentProcess.run(device.layout.root())) {
      vault.put(device.recipient, TestEntry.named("app").file("/etc/app/secret", "canary-4711"));
      vault.commit();
      agent.await("the first", () -> device.has("/etc/app/secret"));
      vault.put(device.recipient, TestEntry.named("app").file("/etc/app/secret", "canary-4712"));
      vault.commit();
      agent.await("the second", () -> device.read("/etc/app/secret").equals("canary-4712"));
      Path file = device.layout.state().resolve("receipt");
      agent.await(
          "its receipt",
          () -> Files.exists(file)
              && SignedReceipt.decode(Files.readAllBytes(file)).claim().epoch() == 2);
      SignedReceipt receipt = SignedReceipt.decode(Files.readAllBytes(file));
      assertTrue(receipt.isBy(DeviceKeys.signer(device.layout).publicKey()));
      assertEquals(2, receipt.claim().entries().getFirst().generation());
      Peers.Output status = Peers.run(
          AgentProcess.command("status", "--root", device.layout.root().toString()));
      assertEquals(0, status.exitCode(), status.text());
      assertTrue(status.text().contains("drone-7 · vault fleet · epoch 2"), status.text());
      assertTrue(status.text().contains("TestFile/app   ok"), status.text());
      assertTrue(status.text().contains("rpc 1 of 1 agree · gateways 2 of 2"), status.text());
      Peers.Output json = Peers.run(
          AgentProcess.command("status", "-json", "--root", device.layout.root().toString()));
      assertTrue(
          json.text().contains("\"format_version\":\"1.0\"") && json.text().contains("\"epoch\":2"),
          json.text());
      assertEquals(143, agent.stop());
      assertTrue(agent.log().contains("event=stopped"), agent.log());
      assertFalse(
          agent.log().contains("canary") || status.text().contains("canary"), "no secret is told");
    }
  }

  @Test
  void once_nothingToDo_exitsZero_andTwoWhenSomethingNeedsAPerson() throws Exception {
    vault.put(device.recipient, TestEntry.named("app").file("/etc/app/secret", "x"));
    vault.commit();
    String root = device.layout.root().toString();
    assertEquals(0, Peers.run(AgentProcess.command("once", "--root", root)).exitCode());
    vault.rpc.answerWithStatus(500);
    Peers.Output down = Peers.run(AgentProcess.command("once", "--root", root));
    assertEquals(2, down.exitCode(), down.text());
    Peers.Output status = Peers.run(AgentProcess.command("status", "--root", root));
    assertEquals(2, status.exitCode());
    assertTrue(status.text().contains("DV528"), status.text());
    assertTrue(status.text().contains("1 problem needs attention"), status.text());
  }

  @Test
  void commands_wrongArguments_giveOneDiagnosticAndNoStackTrace() throws IOException {
    List<List<String>> all = List.of(
        List.of("run", "--root", fleet.folder.resolve("nowhere").toString()),
        List.of("enroll"),
        List.of("dance"),
        List.of(
            "enroll",
            "--name",
            "x",
            "--anchor",
            fleet.folder.resolve("none.yaml").toString(),
            "--root",
            fleet.folder.toString()),
        List.of(
            "enroll",
            "--name",
            "NO",
            "--anchor",
            device.layout.anchor().toString(),
            "--root",
            fleet.folder.toString()),
        List.of("status", "--root", fleet.folder.resolve("nowhere").toString()));
    for (List<String> arguments : all) {
      Peers.Output said = Peers.run(AgentProcess.command(arguments.toArray(String[]::new)));
      assertEquals(1, said.exitCode(), arguments + said.text());
      assertTrue(said.text().startsWith("Error: "), said.text());
      assertTrue(
          said.text().lines().findFirst().orElseThrow().matches(".*\\[DV[59]\\d\\d]"), said.text());
      assertFalse(said.text().contains("\tat "), said.text());
    }
  }

  @Test
  void enroll_twice_printsTheSame_andAnotherNameIsRefused() throws IOException {
    Path anchor = fleet.folder.resolve("anchor.yaml");
    Files.writeString(anchor, io.dvault.ledger.AnchorYaml.write(vault.anchor()));
    String root = fleet.folder.resolve("new").toString();
    String[] command = {
      "enroll",
      "--root",
      root,
      "--anchor",
      anchor.toString(),
      "--name",
      "drone-8",
      "--label",
      "role=drone"
    };
    String first = Peers.run(AgentProcess.command(command)).requireSuccess();
    assertTrue(first.contains("recipient: \"age1pq1"), first);
    assertTrue(first.contains("    role: drone\n"), first);
    assertEquals(first, Peers.run(AgentProcess.command(command)).requireSuccess());
    command[6] = "drone-9";
    Peers.Output other = Peers.run(AgentProcess.command(command));
    assertEquals(1, other.exitCode());
    assertTrue(other.text().contains("[DV502]"), other.text());
    Path state = Path.of(root, "var/lib/dvault");
    for (String secret : List.of("identity", "signer", "trust")) {
      assertEquals(
          "rw-------",
          java.nio.file.attribute.PosixFilePermissions.toString(
              Files.getPosixFilePermissions(state.resolve(secret))));
    }
    assertTrue(Files.readString(Path.of(root, "etc/dvault/agent.yaml")).contains("reload-sshd"));
    assertEquals(
        0,
        Peers.run(AgentProcess.command("once", "--root", root)).exitCode(),
        "the default agent.yaml is good");
  }
}
