package io.dvault.plugin.ssh;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.model.EntryAddress;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.AuthorityStatus;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.InstallException;
import io.dvault.spi.InstallRequest;
import io.dvault.spi.Installation;
import io.dvault.spi.Installation.PlacedFile;
import io.dvault.spi.Issued;
import io.dvault.testing.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("I1")
@Tag("O4")
class SshCertificateKindTest {
  private static final EntryAddress ADDRESS = EntryAddress.parse("SshCertificate/login@drone-7");
  private final AuthorityKey authority = Requests.authority("fleet-ssh");
  private final SshCertificateKind kind = new SshCertificateKind();
  private final SshInstaller installer = new SshInstaller();

  private Issued issue(String type, String... principals) {
    return kind.issue(Requests.issue(
        ADDRESS, Requests.certificateSpec(type, List.of(principals)), Optional.of(authority)));
  }

  @Test
  @Tag("peer:ssh-keygen")
  void issue_user_isReadBySshKeygen(@TempDir Path folder) throws Exception {
    Map<String, Path> files = write(folder, issue("user", "ops", "pilot"));
    String listing = Peers.run(
            "ssh-keygen", "-L", "-f", files.get("login-cert.pub").toString())
        .requireSuccess();
    assertTrue(
        listing.contains("Type: ssh-ed25519-cert-v01@openssh.com user certificate"), listing);
    assertTrue(listing.contains("Key ID: \"SshCertificate/login@drone-7\""), listing);
    assertTrue(listing.contains("Serial: 42"), listing);
    assertTrue(listing.matches("(?s).*Principals: \\n\\s+ops\\n\\s+pilot\\n.*"), listing);
    assertTrue(listing.matches("(?s).*Critical Options: \\(none\\).*"), listing);
    assertTrue(
        listing.matches("(?s).*Extensions: \\n\\s+permit-agent-forwarding\\n\\s+permit-pty\\n?.*"),
        listing);
    String derived =
        Peers.run("ssh-keygen", "-y", "-f", files.get("login").toString()).requireSuccess();
    assertTrue(Files.readString(files.get("login.pub")).startsWith(derived.strip()), derived);
  }

  @Test
  @Tag("peer:ssh-keygen")
  void issue_criticalOptions_areReadBySshKeygen(@TempDir Path folder) throws Exception {
    Map<String, CborValue> spec =
        new HashMap<>(Requests.certificateSpec("user", List.of("ops")).entries());
    spec.put(
        "critical",
        CborValue.of(Map.of(
            "source-address",
            CborValue.of("10.0.0.0/8,127.0.0.1"),
            "force-command",
            CborValue.of("/usr/bin/id -u"))));
    Issued issued = kind.issue(Requests.issue(ADDRESS, CborValue.of(spec), Optional.of(authority)));
    Map<String, Path> files = write(folder, issued);
    String listing = Peers.run(
            "ssh-keygen", "-L", "-f", files.get("login-cert.pub").toString())
        .requireSuccess();
    assertTrue(listing.contains("force-command /usr/bin/id -u"), listing);
    assertTrue(listing.contains("source-address 10.0.0.0/8,127.0.0.1"), listing);
  }

  @Test
  void install_privateKey_isForItsOwnerAlone() throws Exception {
    Installation installation = install(issue("host", "drone-7.fleet.example"), authority);
    PlacedFile key = installation.files().getFirst();
    assertEquals("/etc/ssh/dvault/login", key.path());
    assertEquals(0600, key.mode());
    assertEquals(Installation.AtEnd.KEEP, installation.atEnd());
  }

  @Test
  void install_signedByAStranger_isRefused() {
    AuthorityKey stranger = Requests.authority("stranger");
    InstallException refused =
        assertThrows(InstallException.class, () -> install(issue("user", "ops"), stranger));
    assertTrue(refused.getMessage().contains("no authority of this vault"), refused.getMessage());
  }

  @Test
  void install_flippedSignature_isRefused() throws Exception {
    Issued issued = issue("user", "ops");
    SshCertificate good = SshCertificate.parse(issued.publicPart());
    byte[] blob = good.blob();
    blob[blob.length - 1] ^= 1;
    SshCertificate bad = SshCertificate.parse(blob);
    assertTrue(good.signatureHolds());
    assertFalse(bad.signatureHolds());
    Issued tampered = new Issued(with(issued.material(), Material.CERTIFICATE, bad.line()), blob);
    InstallException refused =
        assertThrows(InstallException.class, () -> install(tampered, authority));
    assertTrue(refused.getMessage().contains("signature does not hold"), refused.getMessage());
  }

  @Test
  void install_keyOfAnotherCertificate_isRefused() {
    Issued one = issue("user", "ops");
    Issued other = issue("user", "ops");
    String certificate =
        ((CborText) other.material().find(Material.CERTIFICATE).orElseThrow()).value();
    Issued mixed =
        new Issued(with(one.material(), Material.CERTIFICATE, certificate), other.publicPart());
    InstallException refused =
        assertThrows(InstallException.class, () -> install(mixed, authority));
    assertTrue(refused.getMessage().contains("over another key"), refused.getMessage());
  }

  @Test
  @Tag("T26")
  void install_craftedPrincipals_areRefused() {
    for (String crafted :
        List.of("", "*", "ops,root", "ops\nroot", "ops\"", "ops root", "-o", "\u00e9")) {
      Issued issued = issue("user", crafted);
      assertThrows(InstallException.class, () -> install(issued, authority), crafted);
    }
    assertThrows(
        InstallException.class, () -> install(issue("user"), authority), "no principals at all");
  }

  @Test
  void install_trustInARevokedAuthority_isRefused() {
    String key = SshPublicKey.ofBlob(authority.authority().publicPart()).line();
    CborMap material = CborValue.of(Map.of(
        Material.KEYS,
        Material.list(List.of(key)),
        Material.HOSTS,
        CborValue.of("*.fleet.example")));
    for (AuthorityStatus status : AuthorityStatus.values()) {
      InstallRequest request = new InstallRequest(
          EntryAddress.parse("Authority/fleet-ssh@drone-7"),
          1,
          Requests.AN_HOUR,
          material,
          Requests.installIn("/etc/ssh/dvault"),
          List.of(new AuthorityRecord(
              1, "ssh", authority.authority().publicPart(), status, Requests.NOW)));
      if (status == AuthorityStatus.REVOKED) {
        assertThrows(InstallException.class, () -> new SshInstaller().install(request));
      } else {
        assertDoesNotThrow(() -> new SshInstaller().install(request), status.name());
      }
    }
  }

  @Test
  void describe_certificate_tellsNothingSecret() {
    Issued issued = issue("user", "ops");
    String facts = kind.describe("SshCertificate", issued.publicPart()).toString();
    assertTrue(facts.contains("SHA256:") && facts.contains("ops"), facts);
    assertEquals("Issued(material (sensitive))", issued.toString());
  }

  private Installation install(Issued issued, AuthorityKey trusted) throws InstallException {
    return installer.install(
        Requests.install(ADDRESS, issued, Requests.installIn("/etc/ssh/dvault"), trusted));
  }

  private Map<String, Path> write(Path folder, Issued issued) throws IOException, InstallException {
    return Placing.write(folder, install(issued, authority));
  }

  private static CborMap with(CborMap map, String key, String value) {
    Map<String, CborValue> changed = new HashMap<>(map.entries());
    changed.put(key, CborValue.of(value));
    return CborValue.of(changed);
  }

  /** Writes an installation's files side by side, with their modes. */
  static final class Placing {
    private Placing() {}

    static Map<String, Path> write(Path folder, Installation installation) throws IOException {
      Map<String, Path> written = new HashMap<>();
      for (PlacedFile file : installation.files()) {
        Path path = folder.resolve(Path.of(file.path()).getFileName());
        Files.write(path, file.content().borrow());
        Files.setPosixFilePermissions(
            path, PosixFilePermissions.fromString(file.mode() == 0600 ? "rw-------" : "rw-r--r--"));
        written.put(path.getFileName().toString(), path);
      }
      return written;
    }
  }
}
