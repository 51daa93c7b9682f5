package io.dvault.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The files of the demo: what an admin would write, and what alice brings along. */
final class Props {
  private final Stage stage;

  Props(Stage stage) {
    this.stage = stage;
  }

  /** Writes a file of the vault repository. */
  void write(String name, String content) throws IOException {
    Path file = stage.vault().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** Agents usually look every half minute; for a demo of a minute they look every second. */
  void lookEverySecond() throws IOException {
    Path yaml = stage.vault().resolve("vault.yaml");
    String text = Files.readString(yaml);
    if (!text.contains("\nspec:\n")) {
      throw new DemoFailure("vault.yaml has no spec");
    }
    Files.writeString(yaml, text.replaceFirst("\nspec:\n", "\nspec:\n  agents: {poll: 1s}\n"));
  }

  void writeSecrets() throws IOException {
    write("authorities/fleet-ssh.yaml", """
        apiVersion: dvault.io/v1
        kind: Authority
        metadata: {name: fleet-ssh}
        spec: {type: ssh, key: {type: ed25519}}
        """);
    write("ssh/host-certificates.yaml", """
        apiVersion: dvault.io/v1
        kind: SshCertificate
        metadata: {name: sshd-host}
        spec:
          authority: fleet-ssh
          type: host
          devices: {selector: {role: drone}}
          principals: ["{device}.fleet.example"]
          ttl: 7d
          renewBefore: 2d
          install: {path: /etc/ssh/dvault}
        """);
  }

  void writeAgentYaml(AgentProcess drone, String lyingGateway) throws IOException {
    Path file = drone.root().resolve("etc/dvault/agent.yaml");
    Files.createDirectories(file.getParent());
    Files.createDirectories(drone.authorizedKeys().getParent());
    Files.writeString(file, """
        # What a vault may do on this device.
        poll: 1s
        gateways: ["%s"]
        folders: [/etc/ssh/dvault]
        accounts:
          ops: {authorizedKeys: /home/ops/.ssh/authorized_keys}
        sessions: {end: auth-info}
        """.formatted(lyingGateway));
  }

  void makeAlice(SshPeer ssh) throws IOException {
    Path folder = Files.createDirectories(stage.folder().resolve("alice"));
    ssh.generateKey(folder.resolve("id_ed25519"), "alice@laptop");
    Files.setPosixFilePermissions(alicePrivateKey(), PosixFilePermissions.fromString("rw-------"));
  }

  Path alicePrivateKey() {
    return stage.folder().resolve("alice/id_ed25519");
  }

  Path alicePublicKey() {
    return stage.folder().resolve("alice/id_ed25519.pub");
  }

  /**
   * One line: every host of the fleet is known by its authority. Plain host keys for clients that
   * read no certificates.
   */
  Path knownHosts(List<AgentProcess> drones) throws IOException {
    StringBuilder lines = new StringBuilder("@cert-authority *.fleet.example ")
        .append(Files.readString(stage.vault().resolve("authorities/fleet-ssh.1.pub"))
            .strip())
        .append('\n');
    for (AgentProcess drone : drones) {
      lines
          .append(drone.device())
          .append(".fleet.example ")
          .append(Files.readString(Path.of(drone.hostKey() + ".pub")).strip())
          .append('\n');
    }
    return Files.writeString(stage.folder().resolve("alice/known_hosts"), lines.toString());
  }
}
