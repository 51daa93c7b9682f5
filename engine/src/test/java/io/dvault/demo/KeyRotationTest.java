package io.dvault.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Sshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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

  @TempDir
  Path folder;

  private Sshd sshd;

  @Test
  @Tag("O7")
  @Tag("O13")
  void rotation_holderLooksLongBeforeTheTarget_noLoginFails_andTheNewKeyTakesOver()
      throws Exception {
    try (TestStage stage = new TestStage(folder.resolve("stage"), new Commands(), "8s")) {
      AgentProcess holder = stage.enroll("robot-1", "folders: [/etc/robot]\n");
      AgentProcess target = stage.enroll(
          "drone-1",
          "accounts: {" + account() + ": {authorizedKeys: /home/ops/.ssh/authorized_keys}}\n");
      Path robot = holder.root();
      Path drone = target.root();
      Files.createDirectories(drone.resolve("home/ops/.ssh"));
      stage.props.write("robot.yaml", """
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
      stage.look(holder);
      stage.look(target);
      Path authorized = drone.resolve("home/ops/.ssh/authorized_keys");
      sshd = stage.keep(Sshd.start(
          stage.folder(),
          "HostKey " + Sshd.newKey(stage.folder().resolve("host")),
          "AuthorizedKeysFile " + authorized));
      String first = publicKey(robot);
      assertEquals("in", login(robot));

      stage.dvault("apply", "-auto-approve", "-replace", "SshKey/robot@robot-1");
      Instant seen = Instant.now();
      while (Instant.now()
          .isBefore(seen.plus(Duration.ofSeconds(9)))) { // longer than an interval and its tenth
        stage.look(holder);
        assertEquals("in", login(robot), "the target has not looked yet");
        assertEquals(first, publicKey(robot));
      }
      stage.look(target);
      assertEquals("in", login(robot));
      while (publicKey(robot).equals(first)) {
        stage.look(holder);
        assertEquals("in", login(robot));
        assertTrue(
            Instant.now().isBefore(seen.plus(OVERLAP).plusSeconds(40)),
            "the new key never took over");
      }
      assertTrue(
          Instant.now().isAfter(seen.plus(OVERLAP.minusSeconds(2))), "it waited for its overlap");
      assertNotEquals(first, publicKey(robot));
      assertEquals("in", login(robot));
    }
  }

  private static String account() {
    return System.getProperty("user.name");
  }

  private static String publicKey(Path robot) throws IOException {
    return Files.readString(robot.resolve("etc/robot/robot.pub"));
  }

  private String login(Path robot) {
    return sshd.login(robot.resolve("etc/robot/robot"));
  }
}
