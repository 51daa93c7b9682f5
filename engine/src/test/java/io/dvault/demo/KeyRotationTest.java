package io.dvault.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Peers;
import io.dvault.testing.Sshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A key without a CA is rotated, and its holder looks first, again and again, before the target looks once. */
@Tag("slow")
@Timeout(180)
@Tag("peer:sshd")
@Tag("peer:ssh")
@Tag("peer:ssh-keygen")
class KeyRotationTest {
  /** As {@code agents: {poll: 8s}} has it: 2.25 intervals. */
  private static final Duration OVERLAP = Duration.ofSeconds(18);

  @TempDir Path folder;
  private final Commands commands = new Commands();
  private Sshd sshd;

  @Test
  @Tag("O7")
  @Tag("O13")
  void rotation_holderLooksLongBeforeTheTarget_noLoginFails_andTheNewKeyTakesOver() throws Exception {
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
      Path authorized = drone.resolve("home/ops/.ssh/authorized_keys");
      sshd = stage.keep(Sshd.start(stage.folder(),
          "HostKey " + Sshd.newKey(stage.folder().resolve("host")),
          "AuthorizedKeysFile " + authorized));
      String first = publicKey(robot);
      assertEquals("in", login(robot));

      stage.dvault("apply", "-auto-approve", "-replace", "SshKey/robot@robot-1");
      Instant seen = Instant.now();
      while (Instant.now().isBefore(seen.plus(Duration.ofSeconds(9)))) { // longer than an interval and its tenth
        look(robot);
        assertEquals("in", login(robot), "the target has not looked yet");
        assertEquals(first, publicKey(robot));
      }
      look(drone);
      assertEquals("in", login(robot));
      while (publicKey(robot).equals(first)) {
        look(robot);
        assertEquals("in", login(robot));
        assertTrue(Instant.now().isBefore(seen.plus(OVERLAP).plusSeconds(40)), "the new key never took over");
      }
      assertTrue(Instant.now().isAfter(seen.plus(OVERLAP.minusSeconds(2))), "it waited for its overlap");
      assertNotEquals(first, publicKey(robot));
      assertEquals("in", login(robot));
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

  private static String publicKey(Path robot) throws IOException {
    return Files.readString(robot.resolve("etc/robot/robot.pub"));
  }

  private String login(Path robot) {
    return sshd.login(robot.resolve("etc/robot/robot"));
  }
}
