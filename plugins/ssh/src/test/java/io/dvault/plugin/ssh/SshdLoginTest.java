package io.dvault.plugin.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.model.EntryAddress;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.Installation;
import io.dvault.spi.Issued;
import io.dvault.testing.Peers;
import io.dvault.testing.Sshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
@Tag("peer:ssh")
@Tag("peer:ssh-keygen")
@Tag("I1")
class SshdLoginTest {
  private static final String HOST = "drone-7.fleet.example";

  @TempDir
  Path folder;

  private final AuthorityKey authority = Requests.authority("fleet-ssh");
  private final SshCertificateKind kind = new SshCertificateKind();
  private final SshInstaller installer = new SshInstaller();
  private Sshd sshd;

  @BeforeEach
  void startSshd() throws Exception {
    place(certificate("host", "host", HOST));
    Files.writeString(
        folder.resolve("ca.pub"),
        SshPublicKey.ofBlob(authority.authority().publicPart()).line() + " fleet-ssh\n");
    sshd = Sshd.start(
        folder,
        "HostKey " + folder.resolve("host"),
        "HostCertificate " + folder.resolve("host-cert.pub"),
        "TrustedUserCAKeys " + folder.resolve("ca.pub"),
        "AuthorizedKeysFile none");
  }

  @AfterEach
  void stopSshd() {
    if (sshd != null) {
      sshd.close();
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
    assertTrue(
        output.exitCode() != 0 && output.text().contains("Permission denied (publickey)"),
        output.text());
  }

  @Test
  void login_toAHostOfAnotherName_isRefusedByTheClient() throws Exception {
    place(certificate("login", "user", user()));
    Peers.Output output = ssh("login", "other.fleet.example");
    assertTrue(
        output.exitCode() != 0 && output.text().contains("Host key verification failed"),
        output.text());
  }

  @Test
  @Tag("T26")
  void login_withPrincipalListInOneName_isNotReadAsTwo() throws Exception {
    // Had the alphabet let it through, sshd itself would still not split it: belt and braces, seen
    // here.
    EntryAddress address = EntryAddress.parse("SshCertificate/login@drone-7");
    Issued issued = kind.issue(Requests.issue(
        address,
        Requests.certificateSpec("user", List.of("nobody," + user())),
        Optional.of(authority)));
    SshCertificate certificate = SshCertificate.parse(issued.publicPart());
    Files.write(
        folder.resolve("login"),
        Material.findBytes(issued.material(), Material.PRIVATE_KEY).orElseThrow());
    Files.setPosixFilePermissions(
        folder.resolve("login"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    Files.writeString(folder.resolve("login-cert.pub"), certificate.line());
    Peers.Output output = ssh("login", HOST);
    assertTrue(
        output.exitCode() != 0 && output.text().contains("Permission denied"), output.text());
  }

  /** What AddressBlock refuses is refused for this reason. */
  @Test
  void login_fromAnAddressBlock_worksUnlessBitsBeyondItsLengthAreSet() throws Exception {
    placeFrom("127.0.0.0/8");
    Peers.Output output = ssh("login", HOST);
    assertEquals(0, output.exitCode(), () -> output.text() + log());
    placeFrom("127.0.0.1/8");
    Peers.Output refused = ssh("login", HOST);
    assertTrue(
        refused.exitCode() != 0 && refused.text().contains("Permission denied"), refused.text());
  }

  private void placeFrom(String source) throws Exception {
    Map<String, CborValue> spec =
        new HashMap<>(Requests.certificateSpec("user", List.of(user())).entries());
    spec.put("critical", CborValue.of(Map.of("source-address", CborValue.of(source))));
    EntryAddress address = EntryAddress.parse("SshCertificate/login@drone-7");
    Issued issued = kind.issue(Requests.issue(address, CborValue.of(spec), Optional.of(authority)));
    place(
        installer.install(Requests.install(address, issued, Requests.installIn("/x"), authority)));
  }

  private Installation certificate(String name, String type, String principal) throws Exception {
    EntryAddress address = new EntryAddress("SshCertificate", name, "drone-7");
    Issued issued = kind.issue(Requests.issue(
        address, Requests.certificateSpec(type, List.of(principal)), Optional.of(authority)));
    return installer.install(
        Requests.install(address, issued, Requests.installIn("/x"), authority));
  }

  private Map<String, Path> place(Installation installation) throws IOException {
    return SshCertificateKindTest.Placing.write(folder, installation);
  }

  private static String user() {
    return System.getProperty("user.name");
  }

  private Peers.Output ssh(String key, String host) throws IOException {
    Path known = folder.resolve("known_hosts");
    Files.writeString(
        known,
        "@cert-authority *.fleet.example "
            + SshPublicKey.ofBlob(authority.authority().publicPart()).line() + "\n");
    return Peers.run(sshd.ssh(
        folder.resolve(key),
        List.of("StrictHostKeyChecking=yes", "UserKnownHostsFile=" + known, "HostKeyAlias=" + host),
        "echo in as $(id -un)"));
  }

  private String log() {
    return sshd.server().log();
  }
}
