package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CAs that others made, with ssh-keygen and openssl, are taken over; what they sign is what it was. */
@Tag("A8")
@Tag("O4")
@Tag("T27")
@Tag("peer:ssh-keygen")
@Tag("peer:openssl")
class AuthorityImportTest {
  @TempDir
  Path folder;

  private Path vault;
  private Path ca; // beside the vault, where no private key is looked for

  @BeforeEach
  void folders() throws IOException {
    vault = Files.createDirectory(folder.resolve("vault"));
    ca = Files.createDirectory(folder.resolve("ca"));
  }

  private String peer(String... words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words)
        .directory(ca.toFile())
        .redirectErrorStream(true)
        .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  /** Steps of a script test, which also searches every file for private keys in the end. */
  private void play(String steps) throws IOException, InterruptedException {
    try (ScriptRun run = new ScriptRun(vault)) {
      run.play(steps);
    }
  }

  @Test
  void ssh_keyOfAnotherToolsCa_signsAndIsSealed() throws Exception {
    peer("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "the old one", "-f", "ssh_ca");
    play("""
        | devnet
        $ dvault init --devnet --name fleet
        ...
        $ dvault authority import fleet-ssh ../ca/ssh_ca
        Authority fleet-ssh, generation 1:

          authorities/fleet-ssh.1.age   private key, sealed to admin
          authorities/fleet-ssh.1.pub   public key
          authorities/fleet-ssh.yaml    its declaration

        Devices that trust this CA keep trusting it. Anyone who can read ../ca/ssh_ca can still sign with it:
        delete it and its copies, or replace the key with `dvault authority create fleet-ssh`.

        Next: commit these files and run `dvault apply`. The chain is unchanged so far.
        $ dvault authority import fleet-ssh ../ca/ssh_ca
        ? 1
        Error: this key is already generation 1                                     [DV063]
          authorities/fleet-ssh.1.pub is its public part. Nothing was changed.

        | missing authorities/fleet-ssh.2.age
        | agent drone-1
        > certs.yaml
          apiVersion: dvault.io/v1
          kind: SshCertificate
          metadata: {name: host}
          spec:
            authority: fleet-ssh
            type: host
            devices: {names: [drone-1]}
            principals: ["{device}.fleet.example"]
            ttl: 7d
            renewBefore: 2d
            install: {path: /etc/keys}
        | look drone-1
        $ dvault apply --auto-approve --wait=60s
        ...
        """);
    Path installed = folder.resolve("roots/drone-1/etc/keys/host-cert.pub");
    String fingerprint = peer("ssh-keygen", "-lf", "ssh_ca.pub").split(" ")[1];
    String certificate = peer("ssh-keygen", "-Lf", installed.toString());
    assertTrue(certificate.contains("Signing CA: ED25519 " + fingerprint), certificate);
  }

  @Test
  void tls_rootOfOpenssl_signsAndIsSealed() throws Exception {
    root("root", "prime256v1");
    Path root = ca.resolve("root.crt");
    Files.writeString(root, Files.readString(root).stripTrailing()); // as some editors leave it
    play("""
        | devnet
        $ dvault init --devnet --name fleet
        ...
        $ dvault authority import services --type tls ../ca/root.crt ../ca/root.key
        Authority services, generation 1:
        ...
        | agent gate-1
        > tls.yaml
          apiVersion: dvault.io/v1
          kind: TlsCertificate
          metadata: {name: web}
          spec:
            authority: services
            devices: {names: [gate-1]}
            dnsNames: ["{device}.fleet.example"]
            ttl: 7d
            renewBefore: 2d
            install: {path: /etc/keys}
        | look gate-1
        $ dvault apply --auto-approve --wait=60s
        ...
        """);
    Path installed;
    try (var files = Files.list(folder.resolve("roots/gate-1/etc/keys"))) {
      installed =
          files.filter(each -> each.toString().endsWith(".crt")).findFirst().orElseThrow();
    }
    String said =
        peer("openssl", "verify", "-x509_strict", "-CAfile", "root.crt", installed.toString());
    assertTrue(said.contains(": OK"), said);
  }

  private void root(String name, String curve) throws IOException, InterruptedException {
    peer(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:" + curve,
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=The Old Root",
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
        "-keyout",
        name + ".key",
        "-out",
        name + ".crt");
  }

  @Test
  void anythingElse_isRefusedWithoutAWordOfIt() throws Exception {
    peer("ssh-keygen", "-q", "-t", "ed25519", "-N", "secret passphrase", "-f", "locked");
    peer("ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", "ecdsa");
    root("root", "prime256v1");
    root("other", "prime256v1");
    root("p384", "secp384r1");
    peer(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ed25519",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=Leaf",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-keyout",
        "leaf.key",
        "-out",
        "leaf.crt");
    peer(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ed25519",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=Bounded",
        "-addext",
        "keyUsage=critical,keyCertSign",
        "-addext",
        "nameConstraints=critical,permitted;DNS:example.org",
        "-keyout",
        "bounded.key",
        "-out",
        "bounded.crt");
    Files.write(ca.resolve("long"), new byte[(1 << 16) + 1]);
    StringBuilder steps = new StringBuilder("| devnet\n$ dvault init --devnet --name fleet\n...\n");
    List<List<String>> wrong = List.of(
        List.of(
            "ssh ../ca/locked",
            "not an unencrypted OpenSSH private key file; a passphrase comes off a copy by …"),
        List.of("ssh ../ca/ecdsa", "not an Ed25519 key; …"),
        List.of("ssh ../ca/locked.pub", "not an OpenSSH private key file; …"),
        List.of(
            "tls ../ca/root.key", "expected PRIVATE KEY and CERTIFICATE in PEM, found PRIVATE KEY"),
        List.of("tls ../ca/root.key ../ca/other.crt", "the certificate is over another key"),
        List.of("tls ../ca/p384.key ../ca/p384.crt", "not a PKCS #8 private key of a known type"),
        List.of("tls ../ca/leaf.key ../ca/leaf.crt", "it is no CA's certificate"),
        List.of(
            "tls ../ca/bounded.key ../ca/bounded.crt",
            "the CA's certificate has a critical extension that is not known here"));
    for (List<String> each : wrong) {
      String[] words = each.getFirst().split(" ", 2);
      steps.append(
          """
          $ dvault authority import one --type %s %s
          ? 1
          Error: not a key that an authority of type %s can sign with                [DV062]
            %s: %s.
            Nothing was changed.

          """.formatted(words[0], words[1], words[0], words[1].replace(" ", ", "), each.getLast()));
    }
    steps.append("""
        $ dvault authority import one ../ca/long
        ? 1
        Error: FILE cannot be "../ca/long"                                          [DV904]
          It is longer than 64 KiB. Nothing was changed.

        $ dvault authority import one ../ca/nothing
        ? 1
        Error: FILE cannot be "../ca/nothing"                                       [DV904]
          There is no such file. Nothing was changed.

        > authorities/services.yaml
          apiVersion: dvault.io/v1
          kind: Authority
          metadata: {name: services}
          spec: {type: tls, key: {type: ed25519}}
        $ dvault authority import services ../ca/root.key ../ca/root.crt
        ? 1
        Error: the key differs from the declaration                                 [DV904]
          Authority "services" is declared with ed25519, and this key is ecdsa-p256.
          Nothing was changed.

        | missing authorities/one.1.age
        | missing authorities/services.1.age
        """);
    play(steps.toString());
  }
}
