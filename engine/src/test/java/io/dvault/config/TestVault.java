package io.dvault.config;

import io.dvault.bundle.Identity;
import io.dvault.crypto.Ed25519Key;
import io.dvault.desired.DesiredState;
import io.dvault.enrolment.DeviceEnrolment;
import io.dvault.git.RepositoryView;
import io.dvault.git.VaultRepository;
import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import io.dvault.model.VaultId;
import io.dvault.policy.Policies;
import io.dvault.spi.AuthorityType;
import io.dvault.yaml.Findings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A vault repository in a folder, with devices that really enrolled and authorities that really have keys. */
public final class TestVault {
  public static final VaultId ID = new VaultId(Bytes32.sha256("test vault"));
  public static final String CONTRACT = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Plugins PLUGINS = Plugins.load();

  private final Path folder;

  private TestVault(Path folder) {
    this.folder = folder;
  }

  /** With a vault.yaml and nothing else. */
  public static TestVault in(Path folder) {
    return new TestVault(folder).file("vault.yaml", vaultYaml());
  }

  public static String vaultYaml() {
    return """
        apiVersion: dvault.io/v1
        kind: Vault
        metadata: {name: fleet}
        spec:
          id: "0x%s"
          chain: {id: 31337, contract: "%s", rpc: ["http://127.0.0.1:8545"]}
          blocks: {publish: [], gateways: ["http://127.0.0.1:8080"]}
          governance:
            threshold: 1
            approvers: [{name: ops, address: "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"}]
            guardians: []
          groups:
            berlin: {selector: {site: berlin}}
          salt: "%s"
        """.formatted(ID, CONTRACT, Bytes32.sha256("salt"));
  }

  public static Plugins plugins() {
    return PLUGINS;
  }

  public Path folder() {
    return folder;
  }

  public TestVault file(String path, String text) {
    try {
      Path file = folder.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public TestVault delete(String path) {
    try {
      Files.delete(folder.resolve(path));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Enrols a device with a hybrid identity; {@code labels} as in YAML, {@code role: drone}. */
  public TestVault device(String name, String labels) {
    return file(
        "devices/" + name + ".yaml", deviceYaml(name, labels, Identity.generate(RANDOM), ID));
  }

  public static String deviceYaml(String name, String labels, Identity identity, VaultId vault) {
    Ed25519Key key = Ed25519Key.generate(RANDOM);
    return deviceYaml(name, labels, identity, vault, key);
  }

  /**
   * A device as {@code dvault-agent enroll} prints it.
   *
   * @param labels as in YAML, {@code role: drone}
   * @param key signs the device's receipts
   */
  public static String deviceYaml(
      String name, String labels, Identity identity, VaultId vault, Ed25519Key key) {
    DeviceEnrolment enrolment = new DeviceEnrolment(
        vault, name, identity.recipient().toString(), DeviceEnrolment.signerText(key.publicKey()));
    return """
        apiVersion: dvault.io/v1
        kind: Device
        metadata: {name: %s, labels: {%s}}
        spec:
          recipient: "%s"
          signer: "%s"
          proof: "%s"%s
        """.formatted(
            name,
            labels,
            enrolment.recipient(),
            enrolment.signer(),
            enrolment.prove(key),
            identity.recipient().isPostQuantum() ? "" : "\n  classic: true");
  }

  /** Declares an ssh authority and makes the public part of some generations. */
  public TestVault authority(String name, long... generations) {
    return authority("ssh", "ed25519", name, generations);
  }

  /** Declares an authority and makes the public part of some generations. */
  TestVault authority(String typeName, String algorithm, String name, long... generations) {
    AuthorityType type = PLUGINS.authorityTypes().get(typeName);
    for (long generation : generations) {
      file(
          "authorities/" + name + "." + generation + ".pub",
          type.generate(algorithm, name, Instant.now(), RANDOM).publicText() + "\n");
    }
    return object("Authority", name, "type: " + typeName + "\nkey: {type: " + algorithm + "}");
  }

  /** Writes one object of {@code kind} in a file of its own; {@code spec} unindented. */
  public TestVault object(String kind, String name, String spec) {
    return file(kind.toLowerCase(java.util.Locale.ROOT) + "-" + name + ".yaml", """
        apiVersion: dvault.io/v1
        kind: %s
        metadata: {name: %s}
        spec:
        %s
        """.formatted(
            kind, name, spec.strip().indent(2).stripTrailing()));
  }

  public TestVault hostCertificate(String name, String devices, String ttl, String renewBefore) {
    return object("SshCertificate", name, """
        authority: fleet-ssh
        type: host
        devices: %s
        principals: ["{device}.fleet.example"]
        ttl: %s
        renewBefore: %s
        install: {path: /etc/ssh/dvault, action: reload-sshd}""".formatted(devices, ttl, renewBefore));
  }

  public static final String ALICE =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO2kXGKgHr1z7VYzW/ZcWfPTmsB5A7vHQ+4nq8cQpV7x alice@laptop";

  public TestVault grant(String name, String devices, String ttl, String reason) {
    return object("Grant", name, """
        publicKey: "%s"
        account: ops
        devices: %s
        ttl: %s
        reason: "%s\"""".formatted(ALICE, devices, ttl, reason));
  }

  public RepositoryView view() {
    try (VaultRepository repository = VaultRepository.open(folder)) {
      return repository.workTree();
    }
  }

  public Optional<DesiredState> read(Findings findings) {
    return ConfigReader.read(view(), PLUGINS, findings, new Policies());
  }

  /** The state of a repository that has nothing wrong in it. */
  public DesiredState desired() {
    Findings findings = new Findings();
    return read(findings).orElseThrow(() -> new AssertionError(findings.sorted()));
  }

  public List<Diagnostic> findings() {
    Findings findings = new Findings();
    read(findings);
    return findings.sorted();
  }
}
