package io.dvault.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.demo.SshPeer.ClientFiles;
import io.dvault.demo.SshPeer.Login;
import io.dvault.demo.SshPeer.Server;
import io.dvault.demo.SshPeer.ServerFiles;
import io.dvault.demo.SshPeer.Session;
import io.dvault.testing.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's stand-in server must answer as OpenSSH does in everything that the demo shows. */
@Tag("peer:ssh-keygen")
class SshPeerConformanceTest {
  private static final DateTimeFormatter EXPIRY =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  @TempDir
  Path folder;

  private ServerFiles serverFiles;
  private ClientFiles clientFiles;

  @BeforeEach
  void makeKeys() throws IOException {
    for (String name : List.of("ca", "host", "alice")) {
      Peers.run(
              "ssh-keygen",
              "-q",
              "-t",
              "ed25519",
              "-N",
              "",
              "-f",
              folder.resolve(name).toString())
          .requireSuccess();
    }
    Peers.run(
            "ssh-keygen",
            "-q",
            "-s",
            folder.resolve("ca").toString(),
            "-I",
            "host",
            "-h",
            "-n",
            "drone-1",
            folder.resolve("host.pub").toString())
        .requireSuccess();
    Path known = folder.resolve("known_hosts");
    Files.writeString(
        known,
        "@cert-authority * " + Files.readString(folder.resolve("ca.pub")) + "drone-1 "
            + Files.readString(folder.resolve("host.pub")));
    serverFiles = new ServerFiles(
        "drone-1", folder.resolve("host"), folder.resolve("authorized_keys"), folder);
    clientFiles = new ClientFiles(folder.resolve("alice"), known, "drone-1");
  }

  @Test
  @Tag("peer:sshd")
  @Tag("peer:ssh")
  void openSsh_conforms() throws IOException {
    conforms(
        OpenSshPeer.find(List.of(Path.of("/usr/bin"), Path.of("/usr/sbin"))).orElseThrow());
  }

  @Test
  void mina_conforms() throws IOException {
    conforms(new MinaPeer());
  }

  @Test
  void mina_openSession_endsWithItsLine() throws IOException {
    authorize("");
    MinaPeer mina = new MinaPeer();
    try (Server server = mina.start(serverFiles);
        Session session = mina.open(server, clientFiles)) {
      assertTrue(session.isOpen());
      Files.writeString(serverFiles.authorizedKeys(), "");
      assertTrue(session.awaitEnd(Duration.ofSeconds(10)));
    }
  }

  private void conforms(SshPeer peer) throws IOException {
    assertFalse(peer.version().isBlank());
    peer.generateKey(folder.resolve("bob"), "bob@laptop");
    assertTrue(Peers.run("ssh-keygen", "-l", "-f", folder.resolve("bob.pub").toString())
        .requireSuccess()
        .contains("bob@laptop (ED25519)"));
    try (Server server = peer.start(serverFiles)) {
      refused(peer.login(server, clientFiles)); // no authorized_keys at all
      authorize("");
      Login entered = peer.login(server, clientFiles);
      assertEquals(new Login(true, "uid=" + System.getProperty("user.name")), entered);
      try (Session session = peer.open(server, clientFiles)) {
        assertTrue(session.isOpen());
      }
      authorize(
          "restrict,pty,expiry-time=\"" + EXPIRY.format(Instant.now().plusSeconds(60)) + "\" ");
      assertTrue(peer.login(server, clientFiles).entered());
      authorize(
          "restrict,pty,expiry-time=\"" + EXPIRY.format(Instant.now().minusSeconds(2)) + "\" ");
      refused(peer.login(server, clientFiles));
    }
  }

  private void authorize(String options) throws IOException {
    Files.writeString(
        serverFiles.authorizedKeys(), options + Files.readString(folder.resolve("alice.pub")));
  }

  private static void refused(Login login) {
    assertFalse(login.entered());
    assertEquals(
        "Permission denied (publickey).",
        login.words().endsWith(".") ? login.words() : login.words() + ".");
  }
}
