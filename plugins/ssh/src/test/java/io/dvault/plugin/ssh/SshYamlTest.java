package io.dvault.plugin.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.Diagnostic;
import io.dvault.spi.AuthorityView;
import io.dvault.spi.Declaration;
import io.dvault.spi.DeviceView;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.EntryTemplate.Renewal;
import io.dvault.spi.Fleet;
import io.dvault.spi.SecretKind;
import io.dvault.yaml.Fields;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlFields;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The YAML of the SSH kinds: what it expands to, and what is refused where it stands. */
class SshYamlTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBDaMy3Lk4tUZ4y2yTE2VCzsqeCMH5JHHFBgc6kVqhaN alice@laptop";
  private static final String CERTIFICATE = """
      authority: fleet-ssh
      type: user
      devices: {names: [drone-1, drone-2]}
      principals: ["%s"]
      ttl: 7d
      renewBefore: 2d
      install: {path: /etc/ssh/dvault, action: reload-sshd}
      """;
  private final Findings findings = new Findings();

  private List<EntryTemplate> expand(SecretKind kind, String yaml) {
    YamlFields fields = YamlFields.parse("ssh.yaml", yaml, findings);
    List<EntryTemplate> templates =
        kind.expand(new Declaration(kind.kind(), "one", Map.of(), fields), new TwoDrones());
    fields.finish();
    return templates;
  }

  @Test
  void certificate_twoDevices_becomeTwoEntriesWithTheirOwnPrincipals() {
    List<EntryTemplate> templates =
        expand(new SshCertificateKind(), CERTIFICATE.formatted("{device}.fleet.example"));
    assertFalse(findings.hasErrors(), () -> findings.sorted().toString());
    assertEquals(
        List.of("SshCertificate/one@drone-1", "SshCertificate/one@drone-2"),
        templates.stream().map(template -> template.address().toString()).toList());
    assertTrue(templates
        .getFirst()
        .spec()
        .find("principals")
        .orElseThrow()
        .toString()
        .contains("drone-1.fleet.example"));
    assertEquals(Optional.of("fleet-ssh"), templates.getFirst().authority());
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "a,b", "a b", "a\\nb", "", "{host}", "-x", "a\\\"b", "\u00e9"})
  @Tag("T26")
  @Tag("A6")
  void certificate_principalOutsideTheAlphabet_isRefusedInItsPlace(String principal) {
    expand(new SshCertificateKind(), CERTIFICATE.formatted(principal));
    Diagnostic first = findings.sorted().getFirst();
    assertEquals("DV130", first.code());
    assertEquals(4, first.position().orElseThrow().line());
  }

  @Test
  @Tag("A6")
  void certificate_withoutPrincipals_isRefused() {
    expand(new SshCertificateKind(), CERTIFICATE.replace("principals: [\"%s\"]", "principals: []"));
    assertEquals("DV130", findings.sorted().getFirst().code());
  }

  @Test
  @Tag("A6")
  void certificate_renewedBeforeItIsIssued_isRefused() {
    expand(
        new SshCertificateKind(),
        CERTIFICATE.formatted("ops").replace("renewBefore: 2d", "renewBefore: 7d"));
    assertEquals("DV105", findings.sorted().getFirst().code());
  }

  @Test
  void hostCertificate_withUserOptions_isRefused() {
    expand(
        new SshCertificateKind(),
        CERTIFICATE.formatted("{device}").replace("type: user", "type: host")
            + "forceCommand: /bin/id\n");
    assertEquals("DV136", findings.sorted().getFirst().code());
  }

  @Test
  @Tag("I7")
  void grant_fiveMinutes_isIssuedOnce() {
    List<EntryTemplate> templates = expand(new GrantKind(), grant("ttl: 5m"));
    assertFalse(findings.hasErrors(), () -> findings.sorted().toString());
    assertEquals(Renewal.ONCE, templates.getFirst().renewal());
    assertEquals(Duration.ofMinutes(5), templates.getFirst().ttl());
    assertEquals("restrict,pty", SshKeyKind.textOf(templates.getFirst().install(), "options"));
  }

  @Test
  @Tag("A6")
  void grant_shorterThanTwoLooks_isRefused() {
    expand(new GrantKind(), grant("ttl: 5s"));
    Diagnostic finding = findings.sorted().getFirst();
    assertEquals("DV104", finding.code());
    assertEquals(
        "Devices look every 30s, so it could end before it arrives. Use at least 1m.",
        finding.detail().getFirst());
  }

  @ParameterizedTest
  @CsvSource({
    "account: Root, DV132",
    "account: '../x', DV132",
    "publicKey: hello, DV131",
    "options: [environment], DV135",
    "sourceAddress: ['a b'], DV133",
    "forceCommand: 'a;b', DV134"
  })
  @Tag("T26")
  void grant_crafted_isRefusedInItsPlace(String line, String code) {
    String field = line.substring(0, line.indexOf(':'));
    String yaml = grant("ttl: 5m")
            .lines()
            .filter(each -> !each.startsWith(field + ":"))
            .reduce("", (all, each) -> all + each + "\n")
        + line + "\n";
    expand(new GrantKind(), yaml);
    assertEquals(
        code, findings.sorted().getFirst().code(), () -> findings.sorted().toString());
  }

  @Test
  @Tag("O13")
  void key_authorizedElsewhere_addsAnEntryThatWaitsForItsHolders() {
    List<EntryTemplate> templates = expand(new SshKeyKind(), """
        devices: {names: [drone-1]}
        ttl: 7d
        install: {path: /etc/backup}
        authorizedOn: {devices: {names: [drone-2]}, account: backup, options: [restrict]}
        """);
    assertFalse(findings.hasErrors(), () -> findings.sorted().toString());
    EntryTemplate authorized = templates.getLast();
    assertEquals("AuthorizedKeys/one@drone-2", authorized.address().toString());
    assertEquals(List.of(templates.getFirst().address()), authorized.peers());
  }

  @ParameterizedTest
  @ValueSource(strings = {"etc/x", "/etc/../root", "/etc//x", "/etc/x/", "/", "/etc/./x", "/a b"})
  @Tag("T35")
  void install_oddPath_isRefused(String path) {
    expand(new SshCertificateKind(), CERTIFICATE.formatted("ops").replace("/etc/ssh/dvault", path));
    assertEquals("DV121", findings.sorted().getFirst().code());
  }

  private static String grant(String ttl) {
    return "publicKey: " + KEY + "\naccount: ops\ndevices: {names: [drone-1]}\n" + ttl
        + "\nreason: INC-4711\n";
  }

  /** Two drones and one authority; what it selects by is the engine's business and tested there. */
  private static final class TwoDrones implements Fleet {
    @Override
    public List<DeviceView> select(Fields spec, String key) {
      return spec.map(key).strings("names").stream()
          .map(name -> new DeviceView(name, new DeviceId(Bytes32.sha256(name)), Map.of()))
          .toList();
    }

    @Override
    public Optional<AuthorityView> authority(Fields spec, String key, String type) {
      return spec.findString(key).map(name -> new AuthorityView(name, type, 1, new byte[0]));
    }

    @Override
    public List<AuthorityView> authorities(String type) {
      return List.of();
    }
  }
}
