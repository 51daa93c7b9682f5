package io.dvault.plugin.ssh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.model.EntryAddress;
import io.dvault.spi.AuthorityType;
import io.dvault.spi.InstallException;
import io.dvault.spi.Installation;
import io.dvault.spi.Issued;
import io.dvault.spi.PeerPart;
import io.dvault.testing.Peers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SshKeyKindTest {
  private static final EntryAddress KEY = EntryAddress.parse("SshKey/backup@drone-1");
  private static final EntryAddress AUTHORIZED =
      EntryAddress.parse("AuthorizedKeys/backup@drone-3");
  private final SshKeyKind kind = new SshKeyKind();
  private final SshInstaller installer = new SshInstaller();

  private Issued key() {
    return kind.issue(Requests.issue(KEY, CborValue.of(Map.of()), Optional.empty()));
  }

  private static PeerPart part(Issued issued) {
    return new PeerPart(issued.publicPart(), Requests.AN_HOUR.notAfter());
  }

  @Test
  @Tag("O7")
  void install_generationBefore_endsWhenItWouldHaveEndedAlone() throws Exception {
    Instant soon = Requests.NOW.plusSeconds(90);
    Issued authorized = kind.issue(Requests.issue(
        AUTHORIZED,
        CborValue.of(Map.of()),
        Optional.empty(),
        Map.of(KEY, List.of(part(key()), new PeerPart(key().publicPart(), soon)))));
    List<Instant> ends = install(authorized, "ops", "restrict").authorizedKeys().stream()
        .map(line -> line.notAfter().orElseThrow())
        .sorted()
        .toList();
    assertEquals(List.of(soon, Requests.AN_HOUR.notAfter()), ends);
  }

  @Test
  @Tag("O13")
  void issue_authorizedKeys_carryBothGenerationsOfTheHolder() throws Exception {
    Issued before = key();
    Issued now = key();
    Issued authorized = kind.issue(Requests.issue(
        AUTHORIZED,
        CborValue.of(Map.of()),
        Optional.empty(),
        Map.of(KEY, List.of(part(now), part(before)))));
    Installation installation = installer.install(Requests.install(
        AUTHORIZED,
        authorized,
        CborValue.of(
            Map.of("account", CborValue.of("backup"), "options", CborValue.of("restrict")))));
    assertEquals(2, installation.authorizedKeys().size());
    assertTrue(installation.authorizedKeys().stream()
        .allMatch(line -> line.account().equals("backup")
            && line.options().equals("restrict")
            && line.comment().equals(KEY.toString())));
  }

  @Test
  @Tag("T26")
  void install_craftedAccountOrOptions_areRefused() {
    Issued issued = kind.issue(Requests.issue(
        AUTHORIZED, CborValue.of(Map.of()), Optional.empty(), Map.of(KEY, List.of(part(key())))));
    for (String account : List.of("", "../root", "root x", "a\nb", "ROOT", "-l")) {
      assertThrows(InstallException.class, () -> install(issued, account, "restrict"), account);
    }
    for (String options : List.of(
        "restrict ssh-ed25519",
        "command=\"a\"b\"",
        "restrict\n",
        "environment=\"A=B\"",
        "from=\"*\"",
        "cert-authority",
        "command=\"$(id)\"",
        ",",
        "pty,,pty")) {
      assertThrows(InstallException.class, () -> install(issued, "ops", options), options);
    }
  }

  @Test
  void install_whitelistedOptions_areTaken() throws Exception {
    Issued issued = kind.issue(Requests.issue(
        AUTHORIZED, CborValue.of(Map.of()), Optional.empty(), Map.of(KEY, List.of(part(key())))));
    String options = "restrict,pty,from=\"10.0.0.0/8,::1\",command=\"/usr/bin/rsync --server\"";
    assertEquals(
        options, install(issued, "ops", options).authorizedKeys().getFirst().options());
  }

  private Installation install(Issued issued, String account, String options)
      throws InstallException {
    return installer.install(Requests.install(
        AUTHORIZED,
        issued,
        CborValue.of(Map.of("account", CborValue.of(account), "options", CborValue.of(options)))));
  }

  @Test
  void install_privateKeyOfAnotherPair_isRefused() {
    Issued one = key();
    Issued other = key();
    Issued mixed = new Issued(
        CborValue.of(Map.of(
            Material.PRIVATE_KEY, one.material().find(Material.PRIVATE_KEY).orElseThrow(),
            Material.PUBLIC_KEY, other.material().find(Material.PUBLIC_KEY).orElseThrow())),
        other.publicPart());
    assertThrows(
        InstallException.class,
        () -> installer.install(Requests.install(KEY, mixed, Requests.installIn("/etc/backup"))));
  }

  @Test
  @Tag("peer:ssh-keygen")
  void authorityKey_openedAgain_signsWhatSshKeygenVerifies(@TempDir Path folder) throws Exception {
    SshAuthorityType type = new SshAuthorityType();
    AuthorityType.NewKey made =
        type.generate("ed25519", "fleet-ssh", Requests.NOW, Requests.RANDOM);
    Path file = folder.resolve("ca");
    Files.write(file, made.privatePart().borrow());
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    String derived = Peers.run("ssh-keygen", "-y", "-f", file.toString()).requireSuccess();
    assertTrue(made.publicText().startsWith(derived.strip()), derived);
    assertArrayEquals(
        type.parsePublic(made.publicText()),
        type.open("fleet-ssh", 1, made.privatePart()).authority().publicPart());
  }

  @Test
  @Tag("peer:ssh-keygen")
  void parse_keyMadeBySshKeygen_isReadAndFingerprinted(@TempDir Path folder) throws Exception {
    for (String algorithm : List.of("ed25519", "ecdsa", "rsa")) {
      Path file = folder.resolve(algorithm);
      Peers.run(
              "ssh-keygen",
              "-q",
              "-t",
              algorithm,
              "-N",
              "",
              "-C",
              "alice@laptop",
              "-f",
              file.toString())
          .requireSuccess();
      SshPublicKey key = SshPublicKey.parse(Files.readString(folder.resolve(algorithm + ".pub")));
      String listing = Peers.run("ssh-keygen", "-l", "-f", file.toString()).requireSuccess();
      assertTrue(listing.contains(key.fingerprint()), listing);
      assertEquals("alice@laptop", key.comment());
    }
    byte[] encrypted =
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"
            .getBytes(StandardCharsets.US_ASCII);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> SshKeyPair.parse(encrypted));
    assertFalse(refused.getMessage().contains("AAAA"));
  }

  @Test
  void parse_badLines_areRefusedWithAReason() {
    for (String line : List.of(
        "",
        "ssh-ed25519",
        "ssh-ed25519 !!!",
        "ssh-dss AAAAB3NzaC1kc3M=",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIA==",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA/////w==")) {
      assertThrows(IllegalArgumentException.class, () -> SshPublicKey.parse(line), line);
    }
  }
}
