package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.install.Manifest.EndedKey;
import io.dvault.install.SshSessions;
import io.dvault.ledger.evm.AnvilProcess;
import io.dvault.log.StructuredLog;
import io.dvault.model.RevocationId;
import io.dvault.testing.Peers;
import io.dvault.testing.Sshd;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real sshd reads what the agent writes, and loses the sessions that the agent ends. */
@Tag("peer:sshd")
@Tag("peer:ssh")
@Tag("peer:ssh-keygen")
class SshdTest {
  @TempDir
  Path folder;

  private final List<Process> started = new ArrayList<>();
  private AnvilProcess anvil;
  private TestVault vault;
  private TestDevice device;
  private Sshd sshd;

  @BeforeEach
  void start() throws Exception {
    anvil = AnvilProcess.start(AnvilProcess.Options.defaults());
    vault = new TestVault(anvil);
    device = new TestDevice(
        vault,
        folder.resolve("drone-7"),
        "drone-7",
        TestDevice.AGENT_YAML.replace("end: never", "end: auth-info"));
    for (String key : List.of("host", "alice", "bob")) {
      Sshd.newKey(folder.resolve(key));
    }
    Files.writeString(device.authorizedKeys(), publicKey("bob") + " bob, not dVault's\n");
    Files.setPosixFilePermissions(
        device.authorizedKeys(), PosixFilePermissions.fromString("rw-------"));
    sshd = Sshd.start(
        folder,
        "HostKey " + folder.resolve("host"),
        "AuthorizedKeysFile " + device.authorizedKeys(),
        "ExposeAuthInfo yes");
  }

  @AfterEach
  void stop() {
    started.reversed().forEach(process -> {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    });
    if (sshd != null) {
      sshd.close();
    }
    if (vault != null) {
      vault.close();
      anvil.close();
    }
  }

  private String publicKey(String name) throws IOException {
    String[] words = Files.readString(folder.resolve(name + ".pub")).split(" ");
    return words[0] + " " + words[1];
  }

  /** A session that lasts until somebody ends it. */
  private Process session(String who) throws Exception {
    Path out = folder.resolve(who + ".session");
    Process session = new ProcessBuilder(
            sshd.ssh(folder.resolve(who), List.of(), "echo in; exec sleep 300"))
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
    started.add(session);
    Instant end = Instant.now().plusSeconds(20);
    while (!Files.readString(out).contains("in")) {
      assertTrue(
          Instant.now().isBefore(end) && session.isAlive(),
          Files.readString(out) + sshd.server().log());
      Thread.sleep(50);
    }
    return session;
  }

  private void assertLogin(String who, boolean works) {
    Peers.Output said = Peers.run(sshd.ssh(folder.resolve(who), List.of(), "echo", "welcome"));
    assertEquals(works ? 0 : 255, said.exitCode(), said.text());
    assertTrue(said.text().contains(works ? "welcome" : "Permission denied"), said.text());
  }

  @Test
  @Tag("I8")
  @Tag("O14")
  @Tag("T25")
  @Tag("slow")
  void run_grantEndsWithEverythingDown_endsItsSessionsAndNobodyElses() throws Exception {
    assertLogin("alice", false);
    vault.put(
        device.recipient,
        TestEntry.named("alice")
            .keys("ops", "restrict", publicKey("alice"), "alice")
            .until(TestVault.now().plusSeconds(20)));
    vault.commit();
    try (AgentProcess agent = AgentProcess.run(device.layout.root())) {
      agent.await(
          "the grant",
          () -> Files.readString(device.authorizedKeys()).contains(publicKey("alice")));
      assertLogin("alice", true);
      Process alice = session("alice");
      Process bob = session("bob");
      vault.rpc.answerWithStatus(500);
      agent.await("the end of alice's session", () -> !alice.isAlive());
      agent.await(
          "the end of the grant",
          () -> !Files.readString(device.authorizedKeys()).contains(publicKey("alice")));
      assertLogin("alice", false);
      assertTrue(bob.isAlive(), "bob's session goes on");
      assertTrue(sshd.server().isAlive(), "and so does sshd");
      assertLogin("bob", true);
      assertEquals(
          publicKey("bob") + " bob, not dVault's\n", Files.readString(device.authorizedKeys()));
    }
  }

  @Test
  @Tag("I8")
  void run_guardianRevokes_endsTheLiveSession() throws Exception {
    TestEntry grant = TestEntry.named("alice").keys("ops", "restrict", publicKey("alice"), "alice");
    vault.put(device.recipient, grant);
    vault.commit();
    try (AgentProcess agent = AgentProcess.run(device.layout.root())) {
      agent.await(
          "the grant",
          () -> Files.readString(device.authorizedKeys()).contains(publicKey("alice")));
      Process alice = session("alice");
      Process bob = session("bob");
      vault.fixture.writer().revoke(vault.id(), List.of(RevocationId.of(grant.id(), 1)));
      agent.await("the end of alice's session", () -> !alice.isAlive());
      assertLogin("alice", false);
      assertTrue(bob.isAlive());
    }
  }

  /** The expiry-time alone keeps alice out when nothing of ours runs any more. */
  @Test
  @Tag("I8")
  void once_thenNoAgentAtAll_sshdRefusesAfterExpiryTime() throws Exception {
    Instant end = TestVault.now().plusSeconds(6);
    vault.put(
        device.recipient,
        TestEntry.named("alice")
            .keys("ops", "restrict", publicKey("alice"), "alice")
            .until(end));
    vault.commit();
    assertEquals(List.of(), device.look().problems());
    assertTrue(Files.readString(device.authorizedKeys()).contains("expiry-time=\""));
    while (Instant.now().isBefore(end)) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    String lines = Files.readString(device.authorizedKeys());
    assertTrue(lines.contains(publicKey("alice")), "the line is still there");
    assertLogin("alice", false);
    assertLogin("bob", true);
    Files.writeString(device.authorizedKeys(), lines.replaceFirst(",?expiry-time=\"[0-9Z]+\"", ""));
    assertLogin("alice", true); // nothing else kept her out
  }

  /** On the processes of this test's own sshd alone: others of this user on the machine are not ours to end. */
  @Test
  @Tag("I8")
  void end_wholeAccount_endsEverySessionOfItWhicheverKeyOpenedIt_andNotSshd() throws Exception {
    String config = Files.readString(device.layout.config());
    Files.writeString(device.layout.config(), config.replace("end: auth-info", "end: account"));
    assertEquals(AgentConfig.SessionEnd.ACCOUNT, AgentYaml.read(device.layout).sessionEnd());
    vault.put(
        device.recipient,
        TestEntry.named("alice").keys("ops", "restrict", publicKey("alice"), "alice"));
    vault.commit();
    device.look();
    Process alice = session("alice");
    Process bob = session("bob");
    Path own = Files.createDirectory(folder.resolve("proc"));
    List<ProcessHandle> all =
        new ArrayList<>(sshd.server().handle().descendants().toList());
    all.add(sshd.server().handle());
    for (ProcessHandle each : all) {
      Files.createSymbolicLink(
          own.resolve(Long.toString(each.pid())), Path.of("/proc", Long.toString(each.pid())));
    }
    StructuredLog log = new StructuredLog(System.err, device.clock);
    String user = System.getProperty("user.name");
    EndedKey ended = new EndedKey("ops", publicKey("alice"), TestVault.now());

    assertEquals(
        List.of(),
        new SshSessions(own, account -> Set.of("nobody"), true, log).end(List.of(ended)));
    assertTrue(alice.isAlive() && bob.isAlive(), "sessions of another account go on");
    assertEquals(
        List.of(), new SshSessions(own, account -> Set.of(user), true, log).end(List.of(ended)));
    assertTrue(
        alice.waitFor(20, TimeUnit.SECONDS) && bob.waitFor(20, TimeUnit.SECONDS),
        "both are of the account");
    assertTrue(sshd.server().isAlive(), "sshd goes on");
    assertLogin("bob", true);
  }
}
