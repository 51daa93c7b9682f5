package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.install.Manifest.EndedKey;
import io.dvault.install.SshSessions;
import io.dvault.ledger.evm.AnvilProcess;
import io.dvault.log.StructuredLog;
import io.dvault.model.RevocationId;
import io.dvault.testing.Peers;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
class SshdTest {
  @TempDir
  Path folder;

  private final List<Process> started = new ArrayList<>();
  private AnvilProcess anvil;
  private TestVault vault;
  private TestDevice device;
  private Process sshd;
  private int port;

  @BeforeEach
  void start() throws Exception {
    Path program = Peers.require("sshd");
    Peers.require("ssh");
    anvil = AnvilProcess.start(AnvilProcess.Options.defaults());
    vault = new TestVault(anvil);
    device = new TestDevice(vault, folder.resolve("drone-7"), "drone-7",
        TestDevice.AGENT_YAML.replace("end: never", "end: auth-info"));
    for (String key : List.of("host", "alice", "bob")) {
      Peers.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", folder.resolve(key).toString()).requireSuccess();
    }
    Files.writeString(device.authorizedKeys(), publicKey("bob") + " bob, not dVault's\n");
    Files.setPosixFilePermissions(device.authorizedKeys(), PosixFilePermissions.fromString("rw-------"));
    startSshd(program);
  }

  private void startSshd(Path program) throws Exception {
    if (System.getProperty("user.name").equals("root")) {
      Files.createDirectories(Path.of("/run/sshd"));
    }
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path config = Files.writeString(folder.resolve("sshd_config"), """
        Port %d
        ListenAddress 127.0.0.1
        HostKey %s
        AuthorizedKeysFile %s
        PidFile none
        UsePAM no
        StrictModes no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        ExposeAuthInfo yes
        SetEnv HOME=%s
        """.formatted(port, folder.resolve("host"), device.authorizedKeys(), folder)); // no .bashrc of this machine
    sshd = new ProcessBuilder(program.toString(), "-D", "-e", "-f", config.toString())
        .redirectInput(new File("/dev/null")).redirectErrorStream(true)
        .redirectOutput(folder.resolve("sshd.log").toFile()).start();
    started.add(sshd);
    Instant end = Instant.now().plusSeconds(20);
    while (!listens()) {
      assertTrue(Instant.now().isBefore(end) && sshd.isAlive(), Files.readString(folder.resolve("sshd.log")));
      Thread.sleep(50);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @AfterEach
  void stop() {
    started.reversed().forEach(process -> {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    });
    if (vault != null) {
      vault.close();
      anvil.close();
    }
  }

  private String publicKey(String name) throws IOException {
    String[] words = Files.readString(folder.resolve(name + ".pub")).split(" ");
    return words[0] + " " + words[1];
  }

  private List<String> ssh(String who, String... command) {
    List<String> words = new ArrayList<>(List.of("ssh", "-F", "none", "-p", Integer.toString(port), "-i",
        folder.resolve(who).toString(), "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes", "-o",
        "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "127.0.0.1"));
    words.addAll(List.of(command));
    return words;
  }

  /** A session that lasts until somebody ends it. */
  private Process session(String who) throws Exception {
    Path out = folder.resolve(who + ".session");
    Process session = new ProcessBuilder(ssh(who, "echo in; exec sleep 300"))
        .redirectInput(new File("/dev/null")).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    started.add(session);
    Instant end = Instant.now().plusSeconds(20);
    while (!Files.readString(out).contains("in")) {
      assertTrue(Instant.now().isBefore(end) && session.isAlive(), Files.readString(out) + Files.readString(folder.resolve("sshd.log")));
      Thread.sleep(50);
    }
    return session;
  }

  private void assertLogin(String who, boolean works) {
    Peers.Output said = Peers.run(ssh(who, "echo", "welcome"));
    assertEquals(works ? 0 : 255, said.exitCode(), said.text());
    assertTrue(said.text().contains(works ? "welcome" : "Permission denied"), said.text());
  }

  @Test
  @Tag("I8")
  @Tag("O14")
  @Tag("T25")
  void run_grantEndsWithEverythingDown_endsItsSessionsAndNobodyElses() throws Exception {
    assertLogin("alice", false);
    vault.put(device.recipient, TestEntry.named("alice").keys("ops", "restrict", publicKey("alice"), "alice")
        .until(TestVault.now().plusSeconds(20)));
    vault.commit();
    try (AgentProcess agent = AgentProcess.run(device.layout.root())) {
      agent.await("the grant", () -> Files.readString(device.authorizedKeys()).contains(publicKey("alice")));
      assertLogin("alice", true);
      Process alice = session("alice");
      Process bob = session("bob");
      vault.rpc.answerWithStatus(500);
      agent.await("the end of alice's session", () -> !alice.isAlive());
      agent.await("the end of the grant", () -> !Files.readString(device.authorizedKeys()).contains(publicKey("alice")));
      assertLogin("alice", false);
      assertTrue(bob.isAlive(), "bob's session goes on");
      assertTrue(sshd.isAlive(), "and so does sshd");
      assertLogin("bob", true);
      assertEquals(publicKey("bob") + " bob, not dVault's\n", Files.readString(device.authorizedKeys()));
    }
  }

  @Test
  @Tag("I8")
  void run_guardianRevokes_endsTheLiveSession() throws Exception {
    TestEntry grant = TestEntry.named("alice").keys("ops", "restrict", publicKey("alice"), "alice");
    vault.put(device.recipient, grant);
    vault.commit();
    try (AgentProcess agent = AgentProcess.run(device.layout.root())) {
      agent.await("the grant", () -> Files.readString(device.authorizedKeys()).contains(publicKey("alice")));
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
    vault.put(device.recipient, TestEntry.named("alice").keys("ops", "restrict", publicKey("alice"), "alice").until(end));
    vault.commit();
    assertEquals(List.of(), device.look().problems());
    assertTrue(Files.readString(device.authorizedKeys()).contains("expiry-time=\""));
    if (Instant.now().isBefore(end.minusSeconds(2))) {
      assertLogin("alice", true);
    }
    while (Instant.now().isBefore(end)) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertTrue(Files.readString(device.authorizedKeys()).contains(publicKey("alice")), "the line is still there");
    assertLogin("alice", false);
    assertLogin("bob", true);
  }

  /** On the processes of this test's own sshd alone: others of this user on the machine are not ours to end. */
  @Test
  @Tag("I8")
  void end_wholeAccount_endsEverySessionOfItWhicheverKeyOpenedIt_andNotSshd() throws Exception {
    String config = Files.readString(device.layout.config());
    Files.writeString(device.layout.config(), config.replace("end: auth-info", "end: account"));
    assertEquals(AgentConfig.SessionEnd.ACCOUNT, AgentYaml.read(device.layout).sessionEnd());
    vault.put(device.recipient, TestEntry.named("alice").keys("ops", "restrict", publicKey("alice"), "alice"));
    vault.commit();
    device.look();
    Process alice = session("alice");
    Process bob = session("bob");
    Path own = Files.createDirectory(folder.resolve("proc"));
    Files.createSymbolicLink(own.resolve(Long.toString(sshd.pid())), Path.of("/proc", Long.toString(sshd.pid())));
    for (ProcessHandle each : sshd.descendants().toList()) {
      Files.createSymbolicLink(own.resolve(Long.toString(each.pid())), Path.of("/proc", Long.toString(each.pid())));
    }
    StructuredLog log = new StructuredLog(System.err, device.clock);
    String user = System.getProperty("user.name");
    EndedKey ended = new EndedKey("ops", publicKey("alice"), TestVault.now());

    assertEquals(List.of(), new SshSessions(own, account -> Set.of("nobody"), true, log).end(List.of(ended)));
    assertTrue(alice.isAlive() && bob.isAlive(), "sessions of another account go on");
    assertEquals(List.of(), new SshSessions(own, account -> Set.of(user), true, log).end(List.of(ended)));
    assertTrue(alice.waitFor(20, TimeUnit.SECONDS) && bob.waitFor(20, TimeUnit.SECONDS), "both are of the account");
    assertTrue(sshd.isAlive(), "sshd goes on");
    assertLogin("bob", true);
  }
}
