package io.dvault.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Peers;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A key without a CA is rotated, and its holder looks first, again and again, before the target looks once. */
@Timeout(180)
@Tag("peer:sshd")
class KeyRotationTest {
  private static final Duration ARRIVES = Duration.ofSeconds(40);

  /** As {@code agents: {poll: 8s}} has it: 2.25 intervals. */
  private static final Duration OVERLAP = Duration.ofSeconds(18);

  @TempDir Path folder;
  private final Commands commands = new Commands();

  @Test
  @Tag("O7")
  @Tag("O13")
  void rotation_holderLooksLongBeforeTheTarget_noLoginFails_andTheNewKeyTakesOver() throws Exception {
    Path sshd = Peers.require("sshd");
    Peers.require("ssh");
    try (Stage stage = new Stage(folder.resolve("stage"), commands, commands.dvault(), false)) {
      Files.createDirectories(stage.vault());
      stage.startDevnet();
      stage.dvault("init", "--devnet", "--name", "fleet");
      Path yaml = stage.vault().resolve("vault.yaml");
      Files.writeString(yaml, Files.readString(yaml).replaceFirst("\nspec:\n", "\nspec:\n  agents: {poll: 8s}\n"));
      Path anchor = Files.writeString(stage.folder().resolve("anchor.yaml"), stage.dvault("anchor"));
      Props props = new Props(stage);
      Path robot = enroll(stage, props, anchor, "robot-1", "folders: [/etc/robot]\n");
      Path drone = enroll(stage, props, anchor, "drone-1",
          "accounts: {" + account() + ": {authorizedKeys: /home/ops/.ssh/authorized_keys}}\n");
      Files.createDirectories(drone.resolve("home/ops/.ssh"));
      props.write("robot.yaml", """
          apiVersion: dvault.io/v1
          kind: SshKey
          metadata: {name: robot}
          spec:
            devices: {names: [robot-1]}
            ttl: 7d
            renewBefore: 1d
            install: {path: /etc/robot}
            authorizedOn: {devices: {names: [drone-1]}, account: %s}
          """.formatted(account()));
      stage.dvault("apply", "-auto-approve");
      look(robot);
      look(drone);
      int port = startSshd(stage, sshd, drone);
      String first = publicKey(robot);
      assertEquals("in", login(robot, port));

      stage.dvault("apply", "-auto-approve", "-replace", "SshKey/robot@robot-1");
      Instant seen = Instant.now();
      while (Instant.now().isBefore(seen.plus(Duration.ofSeconds(9)))) { // longer than an interval and its tenth
        look(robot);
        assertEquals("in", login(robot, port), "the target has not looked yet");
        assertEquals(first, publicKey(robot));
      }
      look(drone);
      assertEquals("in", login(robot, port));
      while (publicKey(robot).equals(first)) {
        look(robot);
        assertEquals("in", login(robot, port));
        assertTrue(Instant.now().isBefore(seen.plus(OVERLAP).plusSeconds(40)), "the new key never took over");
      }
      assertTrue(Instant.now().isAfter(seen.plus(OVERLAP.minusSeconds(2))), "it waited for its overlap");
      assertNotEquals(first, publicKey(robot));
      assertEquals("in", login(robot, port));
    }
  }

  private static String account() {
    return System.getProperty("user.name");
  }

  private Path enroll(Stage stage, Props props, Path anchor, String name, String config) throws IOException {
    AgentProcess agent = stage.keep(new AgentProcess(commands.agent(), name, stage.folder().resolve(name)));
    Path yaml = agent.root().resolve("etc/dvault/agent.yaml");
    Files.createDirectories(yaml.getParent());
    Files.writeString(yaml, config);
    props.write("devices/" + name + ".yaml", agent.enroll(anchor));
    return agent.root();
  }

  private void look(Path root) {
    List<String> once = new ArrayList<>(commands.agent());
    once.addAll(List.of("once", "--root", root.toString()));
    Peers.run(once).requireSuccess();
  }

  private static int startSshd(Stage stage, Path program, Path drone) throws IOException {
    if (account().equals("root")) {
      Files.createDirectories(Path.of("/run/sshd"));
    }
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path host = stage.folder().resolve("host");
    Peers.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", host.toString()).requireSuccess();
    Path log = stage.folder().resolve("sshd.log");
    Path config = Files.writeString(stage.folder().resolve("sshd_config"), """
        Port %d
        ListenAddress 127.0.0.1
        HostKey %s
        AuthorizedKeysFile %s
        PidFile none
        UsePAM no
        StrictModes no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        SetEnv HOME=%s
        """.formatted(port, host, drone.resolve("home/ops/.ssh/authorized_keys"),
            stage.folder())); // no .bashrc of this machine
    Process sshd = new ProcessBuilder(program.toString(), "-D", "-e", "-f", config.toString())
        .redirectInput(new File("/dev/null")).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    stage.keep(() -> {
      sshd.descendants().forEach(ProcessHandle::destroyForcibly);
      sshd.destroyForcibly().waitFor();
    });
    Waiting.until("sshd", ARRIVES, () -> {
      assertTrue(sshd.isAlive(), Files.readString(log));
      return Files.readString(log).contains("Server listening") ? Optional.of(true) : Optional.empty();
    });
    return port;
  }

  private static String publicKey(Path robot) throws IOException {
    return Files.readString(robot.resolve("etc/robot/robot.pub"));
  }

  private static String login(Path robot, int port) {
    return Peers.run(List.of("ssh", "-F", "none", "-p", Integer.toString(port), "-i",
        robot.resolve("etc/robot/robot").toString(), "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o",
        "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
        "127.0.0.1", "echo", "in")).text().strip();
  }
}
