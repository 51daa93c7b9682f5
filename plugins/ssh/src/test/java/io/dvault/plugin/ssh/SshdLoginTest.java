package io.dvault.plugin.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.model.EntryAddress;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.Installation;
import io.dvault.spi.Issued;
import io.dvault.testing.Peers;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we issue, held against OpenSSH's own sshd and ssh: host and user certificates, both ways of trust. */
@Tag("peer:sshd")
@Tag("I1")
class SshdLoginTest {
  private static final String HOST = "drone-7.fleet.example";
  @TempDir Path folder;
  private final AuthorityKey authority = Requests.authority("fleet-ssh");
  private final SshCertificateKind kind = new SshCertificateKind();
  private final SshInstaller installer = new SshInstaller();
  private Path sshd;
  private int port;
  private Process server;

  @BeforeEach
  void startSshd() throws Exception {
    sshd = Peers.require("sshd");
    Peers.require("ssh");
    place(certificate("host", "host", HOST));
    Files.writeString(folder.resolve("ca.pub"),
        SshPublicKey.ofBlob(authority.authority().publicPart()).line() + " fleet-ssh\n");
    try (ServerSocket free = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.createDirectories(Path.of("/run/sshd"));
    Path config = folder.resolve("sshd_config");
    Files.write(config, List.of(
        "Port " + port, "ListenAddress 127.0.0.1", "HostKey " + folder.resolve("host"),
        "HostCertificate " + folder.resolve("host-cert.pub"), "TrustedUserCAKeys " + folder.resolve("ca.pub"),
        "AuthorizedKeysFile none", "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
        "PermitRootLogin prohibit-password", "StrictModes no", "PidFile none",
        "SetEnv HOME=" + folder)); // no .bashrc of this machine
    Peers.run(sshd.toString(), "-t", "-f", config.toString()).requireSuccess();
    server = new ProcessBuilder(sshd.toString(), "-D", "-e", "-f", config.toString())
        .redirectErrorStream(true).redirectOutput(folder.resolve("sshd.log").toFile()).start();
    for (int i = 0; i < 100 && !Files.readString(folder.resolve("sshd.log")).contains("Server listening"); i++) {
      Thread.sleep(50);
    }
  }

  @AfterEach
  void stopSshd() throws Exception {
    if (server != null) {
      server.destroy();
      server.waitFor();
    }
  }

  @Test
  void login_withCertificate_worksAndTheHostIsKnown() throws Exception {
    place(certificate("login", "user", user()));
    Peers.Output output = ssh("login", HOST);
    assertEquals(0, output.exitCode(), () -> output.text() + log());
    assertTrue(output.text().contains("in as " + user()), output.text());
  }

  @Test
  void login_withAnotherPrincipal_isRefused() throws Exception {
    place(certificate("login", "user", "somebody-else"));
    Peers.Output output = ssh("login", HOST);
    assertTrue(output.exitCode() != 0 && output.text().contains("Permission denied (publickey)"), output.text());
  }

  @Test
  void login_toAHostOfAnotherName_isRefusedByTheClient() throws Exception {
    place(certificate("login", "user", user()));
    Peers.Output output = ssh("login", "other.fleet.example");
    assertTrue(output.exitCode() != 0 && output.text().contains("Host key verification failed"), output.text());
  }

  @Test
  @Tag("T26")
  void login_withPrincipalListInOneName_isNotReadAsTwo() throws Exception {
    // Had the alphabet let it through, sshd itself would still not split it: belt and braces, seen here.
    EntryAddress address = EntryAddress.parse("SshCertificate/login@drone-7");
    Issued issued = kind.issue(Requests.issue(
        address, Requests.certificateSpec("user", List.of("nobody," + user())), Optional.of(authority)));
    SshCertificate certificate = SshCertificate.parse(issued.publicPart());
    Files.write(folder.resolve("login"), Material.findBytes(issued.material(), Material.PRIVATE_KEY).orElseThrow());
    Files.setPosixFilePermissions(folder.resolve("login"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    Files.writeString(folder.resolve("login-cert.pub"), certificate.line());
    Peers.Output output = ssh("login", HOST);
    assertTrue(output.exitCode() != 0 && output.text().contains("Permission denied"), output.text());
  }

  /** What AddressBlock refuses is refused for this reason. */
  @Test
  void login_fromAnAddressBlock_worksUnlessBitsBeyondItsLengthAreSet() throws Exception {
    placeFrom("127.0.0.0/8");
    Peers.Output output = ssh("login", HOST);
    assertEquals(0, output.exitCode(), () -> output.text() + log());
    placeFrom("127.0.0.1/8");
    Peers.Output refused = ssh("login", HOST);
    assertTrue(refused.exitCode() != 0 && refused.text().contains("Permission denied"), refused.text());
  }

  private void placeFrom(String source) throws Exception {
    Map<String, CborValue> spec = new HashMap<>(Requests.certificateSpec("user", List.of(user())).entries());
    spec.put("critical", CborValue.of(Map.of("source-address", CborValue.of(source))));
    EntryAddress address = EntryAddress.parse("SshCertificate/login@drone-7");
    Issued issued = kind.issue(Requests.issue(address, CborValue.of(spec), Optional.of(authority)));
    place(installer.install(Requests.install(address, issued, Requests.installIn("/x"), authority)));
  }

  private Installation certificate(String name, String type, String principal) throws Exception {
    EntryAddress address = new EntryAddress("SshCertificate", name, "drone-7");
    Issued issued = kind.issue(
        Requests.issue(address, Requests.certificateSpec(type, List.of(principal)), Optional.of(authority)));
    return installer.install(Requests.install(address, issued, Requests.installIn("/x"), authority));
  }

  private Map<String, Path> place(Installation installation) throws IOException {
    return SshCertificateKindTest.Placing.write(folder, installation);
  }

  private static String user() {
    return System.getProperty("user.name");
  }

  private Peers.Output ssh(String key, String host) throws IOException {
    Path known = folder.resolve("known_hosts");
    Files.writeString(known,
        "@cert-authority *.fleet.example " + SshPublicKey.ofBlob(authority.authority().publicPart()).line() + "\n");
    List<String> command = new ArrayList<>(List.of(
        "ssh", "-F", "/dev/null", "-p", Integer.toString(port), "-i", folder.resolve(key).toString(),
        "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes",
        "-o", "StrictHostKeyChecking=yes", "-o", "GlobalKnownHostsFile=/dev/null",
        "-o", "UserKnownHostsFile=" + known, "-o", "HostKeyAlias=" + host, "127.0.0.1", "echo in as $(id -un)"));
    return Peers.run(command);
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("sshd.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
