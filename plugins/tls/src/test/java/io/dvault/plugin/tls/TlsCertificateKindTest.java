package io.dvault.plugin.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Validity;
import io.dvault.registry.AuthorityStatus;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.AuthorityType;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.InstallException;
import io.dvault.spi.Installation;
import io.dvault.spi.Issued;
import io.dvault.testing.Peers;
import io.dvault.yaml.Findings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is issued, held against OpenSSL; and what the device refuses to install. */
@Tag("O8")
class TlsCertificateKindTest {
  private static final String YAML = """
      authority: services
      devices: {names: [web-1]}
      commonName: web
      dnsNames: ["{device}.example"]
      ipAddresses: ["127.0.0.1", "2001:db8::7"]
      uris: ["spiffe://example/{device}"]
      ttl: 1h
      install: {path: /etc/tls, ca: ca.crt, action: reload-nginx}
      """;
  private final TlsCertificateKind kind = new TlsCertificateKind();
  private final AuthorityKey authority = Requests.authority();

  private static EntryTemplate template(String yaml, AuthorityKey... generations) {
    Findings findings = new Findings();
    EntryTemplate template =
        Requests.expand(new TlsCertificateKind(), yaml, findings, generations).getFirst();
    assertEquals(List.of(), findings.sorted());
    return template;
  }

  private Issued issue(EntryTemplate template) {
    return kind.issue(Requests.issue(template, Requests.AN_HOUR, authority));
  }

  private static Installation install(
      EntryTemplate template, Issued issued, AuthorityKey... authorities) throws InstallException {
    return new TlsInstaller()
        .install(Requests.install(template, issued, AuthorityStatus.ACTIVE, authorities));
  }

  @ParameterizedTest
  @CsvSource({
    "ecdsa-p256, ecdsa-p256",
    "ecdsa-p256, ed25519",
    "ed25519, ecdsa-p256",
    "ed25519, ed25519"
  })
  @Tag("peer:openssl")
  @Tag("I2")
  @Tag("T33")
  void issue_everyPairOfKeys_isTakenByOpenssl(String ca, String leaf, @TempDir Path folder)
      throws Exception {
    AuthorityKey root = Requests.authority(ca, 1, Requests.NOW);
    EntryTemplate template = template(YAML + "algorithm: " + leaf + "\n", root);
    Issued issued = kind.issue(Requests.issue(template, Requests.AN_HOUR, root));
    Requests.write(folder, install(template, issued, root).files());
    for (List<String> check : List.of(
        List.of("-purpose", "sslserver", "-verify_hostname", "web-1.example"),
        List.of("-purpose", "sslserver", "-verify_ip", "2001:db8::7"),
        List.of("-purpose", "sslclient"))) {
      List<String> command = new ArrayList<>(List.of(
          "openssl", "verify", "-x509_strict", "-check_ss_sig", "-CAfile", file(folder, "ca.crt")));
      command.addAll(check);
      command.add(file(folder, "web.crt"));
      assertTrue(Peers.run(command).requireSuccess().contains("OK"), check::toString);
    }
    String derived =
        Peers.run("openssl", "pkey", "-in", file(folder, "web.key"), "-pubout").requireSuccess();
    assertEquals(
        Peers.run("openssl", "x509", "-in", file(folder, "web.crt"), "-noout", "-pubkey")
            .requireSuccess(),
        derived);
  }

  private static String file(Path folder, String name) {
    return folder.resolve(name).toString();
  }

  @Test
  @Tag("peer:openssl")
  void issue_leaf_saysJustWhatItIsFor(@TempDir Path folder) throws Exception {
    EntryTemplate template = template(YAML, authority);
    Requests.write(folder, install(template, issue(template), authority).files());
    String leaf = text(folder, "web.crt");
    for (String line : List.of(
        "Version: 3 (0x2)",
        "Subject: CN = web",
        "Issuer: CN = services.1",
        "X509v3 Basic Constraints: critical CA:FALSE",
        "X509v3 Key Usage: critical Digital Signature X509v3",
        "X509v3 Extended Key Usage: TLS Web Server Authentication, TLS Web Client Authentication X509v3",
        "X509v3 Subject Alternative Name: DNS:web-1.example, IP Address:127.0.0.1, IP Address:2001:DB8:0:0:0:0:0:7, "
            + "URI:spiffe://example/web-1",
        "X509v3 Subject Key Identifier:",
        "X509v3 Authority Key Identifier:")) {
      assertTrue(leaf.contains(line), line + "\n" + leaf);
    }
    String root = text(folder, "ca.crt");
    for (String line : List.of(
        "X509v3 Basic Constraints: critical CA:TRUE, pathlen:0",
        "X509v3 Key Usage: critical Certificate Sign, CRL Sign",
        "X509v3 Subject Key Identifier:")) {
      assertTrue(root.contains(line), line + "\n" + root);
    }
  }

  /** As openssl shows it, in one line. */
  private static String text(Path folder, String name) {
    return Peers.run("openssl", "x509", "-in", file(folder, name), "-noout", "-text")
        .requireSuccess()
        .replaceAll("\\s+", " ");
  }

  @Test
  @Tag("peer:openssl")
  void issue_withoutCommonName_hasCriticalAlternatives(@TempDir Path folder) throws Exception {
    EntryTemplate template = template(YAML.replace("commonName: web\n", ""), authority);
    Requests.write(folder, install(template, issue(template), authority).files());
    String leaf = text(folder, "web.crt");
    assertTrue(leaf.contains("X509v3 Subject Alternative Name: critical DNS:"), leaf);
    assertTrue(Peers.run(
            "openssl",
            "verify",
            "-x509_strict",
            "-CAfile",
            file(folder, "ca.crt"),
            file(folder, "web.crt"))
        .requireSuccess()
        .contains("OK"));
  }

  @Test
  void issue_sameSerialTwice_isTwoNumbers() {
    EntryTemplate template = template(YAML, authority);
    String first = Certificate.parse(issue(template).publicPart()).serial();
    assertNotEquals(first, Certificate.parse(issue(template).publicPart()).serial());
    assertTrue(first.startsWith("2A"), () -> "begins with that of the plan, 42: " + first);
    assertTrue(first.length() <= 40, first);
  }

  @Test
  void issue_beyondTheEndOfTheAuthority_isRefused() {
    AuthorityKey old = Requests.authority(
        "ecdsa-p256", 1, Requests.NOW.minus(Signing.ROOT_LIFE).plusSeconds(600));
    EntryTemplate template = template(YAML, old);
    Diagnostic refused = assertThrows(
            DiagnosticException.class,
            () -> kind.issue(Requests.issue(template, Requests.AN_HOUR, old)))
        .diagnostics()
        .getFirst();
    assertEquals("DV177", refused.code());
    assertTrue(refused.detail().getLast().contains("dvault authority create services"));
  }

  @Test
  void install_files_haveTheirModes() throws Exception {
    EntryTemplate template = template(YAML, authority);
    Installation installation = install(template, issue(template), authority);
    assertEquals(
        List.of("/etc/tls/web.crt 644", "/etc/tls/web.key 600", "/etc/tls/ca.crt 644"),
        installation.files().stream()
            .map(each -> each.path() + " " + Integer.toOctalString(each.mode()))
            .toList());
    assertEquals(Installation.AtEnd.REMOVE, installation.atEnd());
    assertEquals("reload-nginx", installation.action().orElseThrow());
    assertTrue(installation.keyTypes().contains("ecdsa-sha2-nistp256"));
  }

  @Test
  @Tag("O4")
  void install_signedByAStranger_isRefused() {
    EntryTemplate template = template(YAML, authority);
    Issued issued = issue(template);
    refused(
        "no authority of this vault",
        template,
        issued,
        AuthorityStatus.ACTIVE,
        Requests.authority());
    refused("no authority of this vault", template, issued, AuthorityStatus.REVOKED, authority);
  }

  private static void refused(
      String why,
      EntryTemplate template,
      Issued issued,
      AuthorityStatus status,
      AuthorityKey... authorities) {
    InstallException refused = assertThrows(
        InstallException.class,
        () -> new TlsInstaller().install(Requests.install(template, issued, status, authorities)));
    assertTrue(refused.getMessage().contains(why), refused.getMessage());
  }

  @Test
  @Tag("O4")
  @Tag("T33")
  void install_flippedOrForeign_isRefused() throws Exception {
    EntryTemplate template = template(YAML, authority);
    Issued good = issue(template);
    refusedWith("signature does not hold", template, good, TlsCertificateKind.CERTIFICATE, der -> {
      der[der.length - 1] ^= 1;
      return der;
    });
    refusedWith(
        "not in DER",
        template,
        good,
        TlsCertificateKind.CERTIFICATE,
        TlsCertificateKindTest::withALongerLength);
    refusedWith(
        "not a certificate",
        template,
        good,
        TlsCertificateKind.CERTIFICATE,
        der -> Arrays.copyOf(der, der.length + 1));
    refusedWith("not a certificate", template, good, TlsCertificateKind.CERTIFICATE, der ->
        new byte[] {0x30, 3, 1, 1, 1});
    refusedWith(
        "over another key",
        template,
        good,
        TlsCertificateKind.CERTIFICATE,
        der -> issue(template).publicPart());
    refusedWith(
        "no authority of this vault",
        template,
        good,
        TlsCertificateKind.CERTIFICATE,
        der -> authority.authority().publicPart());
    refusedWith(
        "expected PRIVATE KEY", template, good, TlsCertificateKind.PRIVATE_KEY, pem -> new byte[0]);
  }

  /** BER of the same certificate: its length in three bytes, where two do. */
  private static byte[] withALongerLength(byte[] der) {
    assertEquals((byte) 0x82, der[1]);
    byte[] ber = new byte[der.length + 1];
    ber[0] = der[0];
    ber[1] = (byte) 0x83;
    System.arraycopy(der, 2, ber, 3, der.length - 2);
    return ber;
  }

  private void refusedWith(
      String why,
      EntryTemplate template,
      Issued issued,
      String field,
      UnaryOperator<byte[]> change) {
    Map<String, CborValue> material = new HashMap<>(issued.material().entries());
    byte[] before = ((CborValue.CborBytes) material.get(field)).value();
    material.put(field, CborValue.of(change.apply(before.clone())));
    refused(
        why,
        template,
        new Issued(CborValue.of(material), issued.publicPart()),
        AuthorityStatus.ACTIVE,
        authority);
  }

  @Test
  @Tag("T33")
  void install_ofAnotherLife_isRefused() {
    EntryTemplate template = template(YAML, authority);
    Validity longer =
        new Validity(Requests.AN_HOUR.notBefore(), Requests.NOW.plus(Duration.ofDays(9)));
    refused(
        "validity is not the entry's",
        template,
        kind.issue(Requests.issue(template, longer, authority)),
        AuthorityStatus.ACTIVE,
        authority);
  }

  @Test
  void trust_twoGenerations_areInOneFile(@TempDir Path folder) throws Exception {
    AuthorityKey next = Requests.authority("ed25519", 2, Requests.NOW);
    EntryTemplate template = Requests.expand(
            new TlsTrustKind(),
            "trustedBy: {devices: {names: [web-1]}, install: {path: /etc/ssl/dvault}}\n",
            new Findings(),
            authority,
            next)
        .getFirst();
    Issued issued = new TlsTrustKind().issue(Requests.issue(template, Requests.AN_HOUR, authority));
    Installation installation = install(template, issued, authority, next);
    assertEquals(Installation.AtEnd.KEEP, installation.atEnd());
    assertEquals(
        "/etc/ssl/dvault/services.ca.crt", installation.files().getFirst().path());
    String pem =
        Files.readString(Requests.write(folder, installation.files()).resolve("services.ca.crt"));
    assertEquals(2, pem.split("BEGIN CERTIFICATE").length - 1);
    refused("no authority of this vault", template, issued, AuthorityStatus.ACTIVE, authority);
    refused(
        "no authority of this vault", template, issued, AuthorityStatus.REVOKED, authority, next);
  }

  @Test
  void authority_publicText_isTheCertificateThatOpensWithItsKey() {
    AuthorityType type = new TlsAuthorityType();
    AuthorityType.NewKey made =
        type.generate("ed25519", "services.1", Requests.NOW, Requests.RANDOM);
    assertArrayEquals(
        type.parsePublic(made.publicText()),
        type.open("services", 1, made.privatePart()).authority().publicPart());
    assertFalse(made.publicText().contains("PRIVATE"));
  }

  @Test
  void parsePublic_somethingElse_isRefused() {
    AuthorityType type = new TlsAuthorityType();
    String leaf = new String(
        Certificate.parse(issue(template(YAML, authority)).publicPart()).pem(),
        StandardCharsets.US_ASCII);
    for (String text : List.of("", "ssh-ed25519 AAAA", leaf, leaf + leaf)) {
      assertThrows(IllegalArgumentException.class, () -> type.parsePublic(text), text);
    }
  }

  @Test
  void describe_certificate_tellsNothingSecret() {
    Issued issued = issue(template(YAML, authority));
    String facts = kind.describe("TlsCertificate", issued.publicPart()).toString();
    assertTrue(
        facts.contains("SHA256:")
            && facts.contains("CN=web, web-1.example")
            && facts.contains("CN=services.1"),
        facts);
    assertEquals("Issued(material (sensitive))", issued.toString());
    assertFalse(authority.toString().contains("PRIVATE"), authority.toString());
  }
}
