package io.dvault.plugin.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.model.Diagnostic;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.EntryTemplate;
import io.dvault.yaml.Findings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The YAML of the TLS kinds: what it expands to, and what is refused where it stands. */
@Tag("O8")
class TlsYamlTest {
  private static final AuthorityKey AUTHORITY = Requests.authority();
  private static final String CERTIFICATE = """
      authority: services
      devices: {names: [web-1, web-2]}
      dnsNames: ["{device}.example"]
      ttl: 7d
      install: {path: /etc/tls}
      """;
  private final Findings findings = new Findings();

  private List<EntryTemplate> expand(String yaml) {
    return Requests.expand(new TlsCertificateKind(), yaml, findings, AUTHORITY);
  }

  @Test
  void certificate_twoDevices_becomeTwoEntriesWithTheirOwnNames() {
    List<EntryTemplate> templates = expand(CERTIFICATE);
    assertFalse(findings.hasErrors(), () -> findings.sorted().toString());
    assertEquals(
        List.of("TlsCertificate/web@web-1", "TlsCertificate/web@web-2"),
        templates.stream().map(template -> template.address().toString()).toList());
    assertEquals(
        List.of("web-2.example"), TlsNames.ofSpec(templates.getLast().spec()).dnsNames());
    assertEquals(Optional.of("services"), templates.getFirst().authority());
    assertEquals(
        Optional.of("ecdsa-sha2-nistp256"), new TlsCertificateKind().keyType(templates.getFirst()));
    assertTrue(
        templates.getFirst().spec().find(Anchors.CERTIFICATES).isEmpty(),
        "no file for roots, so it depends on none");
  }

  @Test
  void usages_inWhateverOrder_makeTheSameSpec() {
    assertEquals(
        expand(CERTIFICATE).getFirst().spec(),
        expand(CERTIFICATE + "usages: [client, server]\n").getFirst().spec());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dnsNames: []                              | DV170 | 3",
        "dnsNames: ['*']                           | DV171 | 3",
        "dnsNames: ['*.example']                   | DV171 | 3",
        "dnsNames: ['www.*.example']               | DV171 | 3",
        "dnsNames: ['a b']                         | DV171 | 3",
        "dnsNames: ['a_b.example']                 | DV171 | 3",
        "dnsNames: ['-a.example']                  | DV171 | 3",
        "dnsNames: ['a..example']                  | DV171 | 3",
        "dnsNames: ['{host}.example']              | DV171 | 3",
        "dnsNames: ['10.0.0.7']                    | DV171 | 3",
        "dnsNames: ['müller.example']              | DV171 | 3",
        "ipAddresses: [web.example]                | DV172 | 6",
        "ipAddresses: [10.0.0.256]                 | DV172 | 6",
        "ipAddresses: [10.0.0.0/8]                 | DV172 | 6",
        "uris: [web]                               | DV173 | 6",
        "uris: ['spiffe:///web']                   | DV173 | 6",
        "uris: ['https://root@web.example/']       | DV173 | 6",
        "commonName: ''                            | DV174 | 6",
        "commonName: \"a\\nb\"                     | DV174 | 6",
        "commonName: aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff{device} | DV174 | 6",
        "usages: []                                | DV175 | 6",
        "usages: [servers]                         | DV175 | 6",
        "install: {path: /etc/tls, key: a/b}       | DV176 | 5",
        "install: {path: /etc/tls, key: web.crt}   | DV178 | 5",
        "install: {path: /etc/tls, ca: ..}         | DV176 | 5",
        "install: {path: /etc/../tls}              | DV121 | 5",
      })
  @Tag("T26")
  @Tag("A6")
  void certificate_wrong_isRefusedInItsPlace(String line, String code, int at) {
    String field = line.substring(0, line.indexOf(':'));
    StringBuilder yaml = new StringBuilder();
    boolean[] placed = new boolean[1];
    CERTIFICATE.lines().forEach(each -> {
      placed[0] |= each.startsWith(field + ":");
      yaml.append(each.startsWith(field + ":") ? line : each).append('\n');
    });
    expand(placed[0] ? yaml.toString() : yaml + line + "\n");
    List<Diagnostic> found = findings.sorted();
    assertEquals(code, found.getFirst().code(), found::toString);
    assertEquals(at, found.getFirst().position().orElseThrow().line());
  }

  @Test
  void usage_misspelt_isGuessed() {
    expand(CERTIFICATE + "usages: [clint]\n");
    assertEquals(
        "Did you mean \"client\"? Use one of: server, client.",
        findings.sorted().getFirst().detail().getFirst());
  }

  @Test
  @Tag("A6")
  void certificate_namesThatAreFine_areTaken() {
    expand("""
        authority: services
        devices: {names: [web-1]}
        commonName: "web, on {device}"
        dnsNames: ["*.web.example", localhost, xn--mller-kva.example]
        ipAddresses: ["127.0.0.1", "2001:db8::7"]
        uris: ["spiffe://example/{device}"]
        usages: [client]
        algorithm: ed25519
        ttl: 1h
        install:
          {path: /etc/tls, certificate: tls.crt, key: tls.key, ca: ca.crt, action: reload-nginx, owner: "web:web"}
        """);
    assertEquals(List.of(), findings.sorted());
  }

  @Test
  void authority_trusted_becomesOneEntryADeviceWithItsGenerations() {
    AuthorityKey next = Requests.authority("ed25519", 2, Requests.NOW);
    List<EntryTemplate> templates =
        Requests.expand(new TlsTrustKind(), """
        trustedBy: {devices: {names: [web-1]}, install: {path: /etc/ssl/dvault, action: reload-nginx}}
        """, findings, AUTHORITY, next);
    assertEquals(List.of(), findings.sorted());
    assertEquals("TlsTrust/services@web-1", templates.getFirst().address().toString());
    assertEquals(
        Anchors.toSpec(List.of(AUTHORITY.authority(), next.authority())),
        templates.getFirst().spec().entries());
  }

  @Test
  void authority_hostsOfSsh_areUnknownHere() {
    Requests.expand(new TlsTrustKind(), """
        trustedBy: {devices: {names: [web-1]}, hosts: ["*"], install: {path: /etc/ssl/dvault}}
        """, findings, AUTHORITY);
    assertTrue(
        findings.sorted().getFirst().summary().contains("hosts"),
        () -> findings.sorted().toString());
  }
}
