package io.dvault.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Peers;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
@Timeout(240)
@Tag("peer:sshd")
class RotationTest {
  private static final Duration ARRIVES = Duration.ofSeconds(40);
  private static final String LIFE = "ttl: 40s, renewBefore: 34s";

  @TempDir Path folder;
  private final Commands commands = new Commands();
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  @Tag("O7")
  @Tag("O4")
  @Tag("I1")
  void renewals_unattended_noLoginEverFailsAndTheOldStopsWorking() throws Exception {
    Path sshd = Peers.require("sshd");
    Peers.require("ssh");
    try (Stage stage = new Stage(folder.resolve("stage"), commands, commands.dvault(), false)) {
      Files.createDirectories(stage.vault());
      stage.startDevnet();
      stage.dvault("init", "--devnet", "--name", "fleet");
      Props props = new Props(stage);
      props.lookEverySecond();
      Path anchor = Files.writeString(stage.folder().resolve("anchor.yaml"), stage.dvault("anchor"));
      AgentProcess robot = enroll(stage, props, anchor, "robot-1");
      AgentProcess drone = enroll(stage, props, anchor, "drone-1");
      declare(props);
      stage.dvault("authority", "create", "fleet-ssh");
      stage.dvault("apply", "-auto-approve");
      robot.start();
      drone.start();
      Waiting.until("the robot's certificate" + Files.readString(robot.log()), ARRIVES,
          () -> present(robot.root().resolve("etc/robot/robot-cert.pub")));
      Waiting.until("the CA on the drone", ARRIVES, () -> present(trusted(drone)));
      Waiting.until("the drone's host key", ARRIVES, () -> present(drone.root().resolve("etc/ssh/dvault/sshd-host-cert.pub")));
      int port = startSshd(stage, sshd, drone);

      Pair first = copy(robot, "first");
      assertEquals("in", login(first, port));
      CompletableFuture<List<String>> logins = CompletableFuture.supplyAsync(() -> loginLoop(robot, port));
      Set<String> keys = new LinkedHashSet<>(List.of(publicKey(first)));
      try {
        // What a nightly job does, only oftener: nobody is asked anything.
        long deadline = System.nanoTime() + Duration.ofSeconds(150).toNanos();
        while (keys.size() < 4 || login(first, port).equals("in")) {
          assertTrue(System.nanoTime() < deadline, "keys seen: " + keys + "\n" + Files.readString(robot.log()));
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
      assertTrue(login(first, port).contains("Permission denied"), "the first certificate still opens the drone");
      assertEquals("in", login(copy(robot, "last"), port));
    }
  }

  private AgentProcess enroll(Stage stage, Props props, Path anchor, String name) throws IOException {
    AgentProcess agent = stage.keep(new AgentProcess(commands.agent(), name, stage.folder().resolve(name)));
    Path config = agent.root().resolve("etc/dvault/agent.yaml");
    Files.createDirectories(config.getParent());
    Files.writeString(config, "poll: 1s\nfolders: [/etc/ssh/dvault, /etc/robot]\n");
    props.write("devices/" + name + ".yaml", agent.enroll(anchor));
    return agent;
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

  private static int startSshd(Stage stage, Path program, AgentProcess drone) throws IOException {
    if (System.getProperty("user.name").equals("root")) {
      Files.createDirectories(Path.of("/run/sshd"));
    }
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path principals = Files.writeString(stage.folder().resolve("principals"), "robots\n");
    Path log = stage.folder().resolve("sshd.log");
    Path config = Files.writeString(stage.folder().resolve("sshd_config"), """
        Port %d
        ListenAddress 127.0.0.1
        HostKey %s
        TrustedUserCAKeys %s
        AuthorizedPrincipalsFile %s
        AuthorizedKeysFile none
        PidFile none
        UsePAM no
        StrictModes no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        SetEnv HOME=%s
        """.formatted(port, drone.hostKey(), trusted(drone), principals,
            stage.folder())); // no .bashrc of this machine
    Process sshd = new ProcessBuilder(program.toString(), "-D", "-e", "-f", config.toString())
        .redirectInput(new File("/dev/null")).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    stage.keep(() -> {
      sshd.descendants().forEach(ProcessHandle::destroyForcibly);
      sshd.destroyForcibly().waitFor();
    });
    Waiting.until("sshd", ARRIVES, () -> {
      String said = Files.readString(log);
      assertTrue(sshd.isAlive(), said);
      return said.contains("Server listening") ? Optional.of(true) : Optional.empty();
    });
    return port;
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
    return Peers.run("ssh-keygen", "-y", "-f", pair.key().toString()).requireSuccess().strip();
  }

  private static String login(Pair pair, int port) {
    Peers.Output said = Peers.run(List.of("ssh", "-F", "none", "-p", Integer.toString(port), "-i", pair.key().toString(),
        "-o", "CertificateFile=" + pair.certificate(), "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o",
        "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
        "127.0.0.1", "echo", "in"));
    return said.text().strip();
  }

  /** Each line is what one login said. */
  private List<String> loginLoop(AgentProcess robot, int port) {
    List<String> said = new ArrayList<>();
    try {
      while (!over.get()) {
        said.add(login(copy(robot, "loop"), port));
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
