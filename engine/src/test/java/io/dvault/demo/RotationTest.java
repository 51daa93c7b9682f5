package io.dvault.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Peers;
import io.dvault.testing.Sshd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A robot logs in again and again with what its agent holds, while keys and certificates are renewed under it. */
@Tag("slow")
@Timeout(240)
@Tag("peer:sshd")
@Tag("peer:ssh")
@Tag("peer:ssh-keygen")
class RotationTest {
  private static final Duration ARRIVES = Duration.ofSeconds(40);
  private static final String AGENT = "poll: 1s\nfolders: [/etc/ssh/dvault, /etc/robot]\n";
  private static final String LIFE = "ttl: 40s, renewBefore: 34s";

  @TempDir
  Path folder;

  private Sshd sshd;
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  @Tag("O7")
  @Tag("O4")
  @Tag("I1")
  void renewals_unattended_noLoginEverFailsAndTheOldStopsWorking() throws Exception {
    try (TestStage stage = new TestStage(folder.resolve("stage"), new Commands(), "1s")) {
      AgentProcess robot = stage.enroll("robot-1", AGENT);
      AgentProcess drone = stage.enroll("drone-1", AGENT);
      declare(stage.props);
      stage.dvault("authority", "create", "fleet-ssh");
      stage.dvault("apply", "-auto-approve");
      robot.start();
      drone.start();
      Waiting.until(
          "the robot's certificate" + Files.readString(robot.log()),
          ARRIVES,
          () -> present(robot.root().resolve("etc/robot/robot-cert.pub")));
      Waiting.until("the CA on the drone", ARRIVES, () -> present(trusted(drone)));
      Waiting.until(
          "the drone's host key",
          ARRIVES,
          () -> present(drone.root().resolve("etc/ssh/dvault/sshd-host-cert.pub")));
      Path principals = Files.writeString(stage.folder().resolve("principals"), "robots\n");
      sshd = stage.keep(Sshd.start(
          stage.folder(),
          "HostKey " + drone.hostKey(),
          "TrustedUserCAKeys " + trusted(drone),
          "AuthorizedPrincipalsFile " + principals,
          "AuthorizedKeysFile none"));

      Pair first = copy(robot, "first");
      assertEquals("in", login(first));
      CompletableFuture<List<String>> logins =
          CompletableFuture.supplyAsync(() -> loginLoop(robot));
      Set<String> keys = new LinkedHashSet<>(List.of(publicKey(first)));
      try {
        // What a nightly job does, only oftener: nobody is asked anything.
        long deadline = System.nanoTime() + Duration.ofSeconds(150).toNanos();
        while (keys.size() < 4 || login(first).equals("in")) {
          assertTrue(
              System.nanoTime() < deadline,
              "keys seen: " + keys + "\n" + Files.readString(robot.log()));
          assertFalse(logins.isDone(), "the logins ended early");
          stage.dvault("apply", "-auto-approve", "-input=false");
          keys.add(publicKey(copy(robot, "seen")));
        }
      } finally {
        over.set(true);
      }
      List<String> said = logins.get();
      assertTrue(said.size() > 10, "too few logins to say anything: " + said.size());
      assertEquals(Set.of("in"), Set.copyOf(said));
      assertTrue(
          login(first).contains("Permission denied"),
          "the first certificate still opens the drone");
      assertEquals("in", login(copy(robot, "last")));
    }
  }

  private static void declare(Props props) throws IOException {
    props.write("authorities/fleet-ssh.yaml", """
        apiVersion: dvault.io/v1
        kind: Authority
        metadata: {name: fleet-ssh}
        spec:
          type: ssh
          key: {type: ed25519}
          trustedBy: {devices: {names: [drone-1]}, install: {path: /etc/ssh/dvault}}
        """);
    props.write("robot.yaml", """
        apiVersion: dvault.io/v1
        kind: SshCertificate
        metadata: {name: robot}
        spec: {authority: fleet-ssh, type: user, devices: {names: [robot-1]}, principals: [robots], %s,
          install: {path: /etc/robot}}
        ---
        apiVersion: dvault.io/v1
        kind: SshCertificate
        metadata: {name: sshd-host}
        spec: {authority: fleet-ssh, type: host, devices: {names: [drone-1]}, principals: ["{device}.fleet.example"],
          ttl: 7d, install: {path: /etc/ssh/dvault}}
        """.formatted(LIFE));
  }

  private static Path trusted(AgentProcess drone) {
    return drone.root().resolve("etc/ssh/dvault/fleet-ssh.user-ca.pub");
  }

  private record Pair(Path key, Path certificate) {}

  /** Key and certificate of one generation, as a program would have read them at one moment. */
  private Pair copy(AgentProcess robot, String name) throws IOException {
    Path to = Files.createDirectories(folder.resolve(name));
    Path key = to.resolve("id");
    Path certificate = to.resolve("id-cert.pub");
    for (int attempt = 0; ; attempt++) {
      Path generation = robot.root().resolve("etc/robot").toRealPath();
      try {
        Files.write(key, Files.readAllBytes(generation.resolve("robot")));
        Files.write(certificate, Files.readAllBytes(generation.resolve("robot-cert.pub")));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return new Pair(key, certificate);
      } catch (NoSuchFileException e) {
        if (attempt == 5) { // that generation went while it was read
          throw e;
        }
      }
    }
  }

  private static String publicKey(Pair pair) throws IOException {
    return Peers.run("ssh-keygen", "-y", "-f", pair.key().toString())
        .requireSuccess()
        .strip();
  }

  private String login(Pair pair) {
    return sshd.login(pair.key(), "CertificateFile=" + pair.certificate());
  }

  /** Each line is what one login said. */
  private List<String> loginLoop(AgentProcess robot) {
    List<String> said = new ArrayList<>();
    try {
      while (!over.get()) {
        said.add(login(copy(robot, "loop")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return said;
  }

  private static Optional<Boolean> present(Path file) {
    return Files.exists(file) ? Optional.of(true) : Optional.empty();
  }
}
