package io.dvault.plugin.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.DagCbor;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryId;
import io.dvault.model.SecretBytes;
import io.dvault.model.Validity;
import io.dvault.model.VaultSalt;
import io.dvault.spi.AuthorityView;
import io.dvault.spi.Declaration;
import io.dvault.spi.DeviceView;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.Fleet;
import io.dvault.spi.InstallException;
import io.dvault.spi.InstallRequest;
import io.dvault.spi.Installation;
import io.dvault.spi.Installation.PlacedFile;
import io.dvault.spi.Installer;
import io.dvault.spi.IssueRequest;
import io.dvault.spi.Issued;
import io.dvault.spi.SecretKind;
import io.dvault.yaml.Fields;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlFields;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("I3")
class TokenTest {
  private static final String CANARY = "canary-9b2e";
  private static final Validity VALIDITY =
      new Validity(Instant.ofEpochSecond(1_000), Instant.ofEpochSecond(9_000));
  private final Findings findings = new Findings();
  private final TokenKind kind = new TokenKind();

  private List<EntryTemplate> expand(String yaml) {
    YamlFields fields = YamlFields.parse("token.yaml", yaml, findings);
    List<EntryTemplate> templates =
        kind.expand(new Declaration("Token", "api", Map.of(), fields), new TwoDevices());
    fields.finish();
    return templates;
  }

  private static String yaml(String from) {
    return """
        devices: {names: [gw-1, gw-2]}
        ttl: 7d
        install: {path: /etc/app, action: restart-app, owner: "app:app"}
        from: %s
        """.formatted(from);
  }

  private static final class TwoDevices implements Fleet {
    @Override
    public List<DeviceView> select(Fields spec, String key) {
      return spec.map(key).strings("names").stream()
          .map(name -> new DeviceView(name, DeviceId.ofRecipient(name), Map.of()))
          .toList();
    }

    @Override
    public Optional<AuthorityView> authority(Fields spec, String key, String type) {
      return Optional.empty();
    }

    @Override
    public List<AuthorityView> authorities(String type) {
      return List.of();
    }
  }

  private Issued issue(EntryTemplate template, Map<String, String> sources) {
    return kind.issue(new IssueRequest(
        template,
        EntryId.of(new VaultSalt(Bytes32.sha256("salt")), template.address()),
        1,
        VALIDITY,
        0,
        Optional.empty(),
        Map.of(),
        reference -> SecretBytes.owning(sources.get(reference).getBytes(StandardCharsets.UTF_8)),
        new SecureRandom()));
  }

  private static Installation install(EntryTemplate template, Issued issued) {
    try {
      return new TokenInstaller()
          .install(new InstallRequest(
              template.address(), 1, VALIDITY, issued.material(), template.install(), List.of()));
    } catch (InstallException e) {
      throw new AssertionError(e);
    }
  }

  private static String contentOf(Installation installation) {
    return new String(installation.files().getFirst().content().borrow(), StandardCharsets.UTF_8);
  }

  @Test
  @Tag("O8")
  void serviceLoader_kindAndInstaller_areFound() {
    assertTrue(ServiceLoader.load(SecretKind.class).stream()
        .anyMatch(each -> each.type() == TokenKind.class));
    assertTrue(ServiceLoader.load(Installer.class).stream()
        .anyMatch(each -> each.type() == TokenInstaller.class));
  }

  @Test
  void random_defaults_giveEachDeviceItsOwnFile() {
    List<EntryTemplate> templates = expand(yaml("{random: {}}"));
    assertFalse(findings.hasErrors(), () -> findings.sorted().toString());
    assertEquals(
        List.of("Token/api@gw-1", "Token/api@gw-2"),
        templates.stream().map(each -> each.address().toString()).toList());
    assertEquals(Duration.ofDays(7), templates.getFirst().ttl());
    Installation first = install(templates.getFirst(), issue(templates.getFirst(), Map.of()));
    Installation second = install(templates.get(1), issue(templates.get(1), Map.of()));
    assertEquals(32, Base64.getUrlDecoder().decode(contentOf(first)).length);
    assertNotEquals(contentOf(first), contentOf(second));
    PlacedFile file = first.files().getFirst();
    assertEquals("/etc/app/api", file.path());
    assertEquals(0600, file.mode());
    assertEquals(Optional.of("app:app"), file.owner());
    assertEquals(Optional.of("restart-app"), first.action());
    assertEquals(Installation.AtEnd.REMOVE, first.atEnd());
  }

  @ParameterizedTest
  @CsvSource({"hex,24", "base64,16", "base64url,1024"})
  void random_encodings_decodeToTheirBytes(String encoding, int bytes) {
    EntryTemplate template = expand(
            yaml("{random: {bytes: %d, encoding: %s}}".formatted(bytes, encoding)))
        .getFirst();
    String token = contentOf(install(template, issue(template, Map.of())));
    byte[] decoded = switch (encoding) {
      case "hex" -> HexFormat.of().parseHex(token);
      case "base64" -> Base64.getDecoder().decode(token);
      default -> Base64.getUrlDecoder().decode(token);
    };
    assertEquals(bytes, decoded.length);
  }

  @Test
  void reference_eachSource_isReadAndTrimmedAsItsKindIs() {
    Map<String, String> sources = Map.of(
        "env:API_TOKEN",
        CANARY + "\n",
        "file:secrets/api.txt",
        CANARY + "\n",
        "exec:pass api",
        CANARY + "\r\n",
        "age:api.age",
        CANARY + "\n");
    Map<String, String> expected = new HashMap<>();
    expected.put("{env: API_TOKEN}", CANARY);
    expected.put("{env: API_TOKEN, trim: false}", CANARY + "\n");
    expected.put("{file: secrets/api.txt}", CANARY + "\n");
    expected.put("{file: secrets/api.txt, trim: true}", CANARY);
    expected.put("{exec: pass api}", CANARY);
    expected.put("{age: api.age}", CANARY + "\n");
    expected.put("{age: api.age, trim: true}", CANARY);
    expected.forEach((from, content) -> {
      EntryTemplate template = expand(yaml(from)).getFirst();
      assertEquals(content, contentOf(install(template, issue(template, sources))), from);
    });
    assertFalse(findings.hasErrors(), () -> findings.sorted().toString());
  }

  @Test
  @Tag("T27")
  @Tag("P4")
  void template_withReference_isFilledAndSpecHoldsNoSecret() {
    String yaml = yaml("{env: API_TOKEN}")
        + "template: \"{\\\"id\\\": \\\"{device}\\\", \\\"a\\\": \\\"{token}\\\", \\\"b\\\": \\\"{token}\\\"}\"\n";
    EntryTemplate template = expand(yaml).get(1);
    assertFalse(findings.hasErrors(), () -> findings.sorted().toString());
    Issued issued = issue(template, Map.of("env:API_TOKEN", CANARY));
    assertEquals(
        "{\"id\": \"gw-2\", \"a\": \"%s\", \"b\": \"%s\"}".formatted(CANARY, CANARY),
        contentOf(install(template, issued)));
    for (Object printed : List.of(template, issued, install(template, issued))) {
      assertFalse(printed.toString().contains("canary"), printed.getClass().toString());
    }
    assertFalse(
        new String(DagCbor.encode(template.spec()), StandardCharsets.UTF_8).contains("canary"));
    assertArrayEquals(new byte[0], issued.publicPart());
  }

  @Test
  void expand_sameYamlTwice_givesTheSameSpec() {
    String yaml = yaml("{random: {bytes: 48, encoding: hex}}");
    assertEquals(expand(yaml), expand(yaml));
    String other = yaml("{random: {bytes: 49, encoding: hex}}");
    assertNotEquals(expand(yaml).getFirst().spec(), expand(other).getFirst().spec());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{value: canary-9b2e}",
        "{random: {}}\nvalue: canary-9b2e",
        "{env: X, value: canary-9b2e}"
      })
  @Tag("A7")
  void expand_plaintextSecret_isRefusedAndNotRepeated(String from) {
    expand(yaml(from));
    Diagnostic found = findings.sorted().stream()
        .filter(each -> each.code().equals("DV160"))
        .findFirst()
        .orElseThrow();
    assertTrue(found.position().isPresent());
    assertFalse(
        findings.sorted().toString().contains(CANARY), () -> findings.sorted().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DV161 | {}",
        "DV161 | {random: {}, env: X}",
        "DV161 | {env: X, file: y}",
        "DV162 | {env: 'hunter2!'}",
        "DV015 | {random: {encoding: base58}}",
        "DV016 | {random: {bytes: 8}}",
        "DV012 | {environment: X, env: X}",
        "DV163 | {env: X}\\ntemplate: \"API=secret\"",
        "DV163 | {env: X}\\ntemplate: \"{ token }\"",
      })
  void expand_wrongSourceOrTemplate_isRefusedInItsPlace(String code, String from) {
    expand(yaml(from.replace("\\n", "\n")));
    assertEquals(
        List.of(code),
        findings.sorted().stream().map(Diagnostic::code).distinct().toList());
  }

  @ParameterizedTest
  @CsvSource({
    "DV164,mode: '0644'",
    "DV164,mode: '0200'",
    "DV164,mode: rw",
    "DV164,mode: '01600'",
    "DV014,mode: 0600",
    "DV165,file: ../x",
    "DV165,file: ..",
    "DV165,file: a/b",
    "DV165,file: ''",
  })
  @Tag("T35")
  void expand_wrongModeOrFile_isRefusedInItsPlace(String code, String field) {
    expand("devices: {names: [gw-1]}\nttl: 7d\nfrom: {env: X}\ninstall: {path: /etc/app, %s}\n"
        .formatted(field));
    assertEquals(
        List.of(code),
        findings.sorted().stream().map(Diagnostic::code).distinct().toList());
  }

  @Test
  void issue_emptyOrHugeValue_isRefusedWithoutTheValue() {
    EntryTemplate template = expand(yaml("{env: API_TOKEN}")).getFirst();
    for (String value : List.of("", "\n", CANARY.repeat(30_000))) {
      var refused = assertThrows(
          DiagnosticException.class, () -> issue(template, Map.of("env:API_TOKEN", value)));
      Diagnostic diagnostic = refused.diagnostics().getFirst();
      assertEquals("DV166", diagnostic.code());
      assertFalse(diagnostic.toString().contains(CANARY));
    }
  }

  @Test
  @Tag("T35")
  void install_handMadeEntry_isRefused() {
    EntryTemplate template = expand(yaml("{random: {}}")).getFirst();
    Issued issued = issue(template, Map.of());
    Map<String, CborValue> bad = Map.of(
        "file",
        CborValue.of("../../root/.ssh/authorized_keys"),
        "mode",
        CborValue.of(0666),
        "path",
        CborValue.of(7));
    bad.forEach((field, value) -> {
      Map<String, CborValue> install = new HashMap<>(template.install().entries());
      install.put(field, value);
      assertRefused(template, issued.material(), CborValue.of(install));
    });
    assertRefused(
        template, issued.material(), CborValue.of(Map.of("path", CborValue.of("/etc/app"))));
    assertRefused(
        template, CborValue.of(Map.of("content", CborValue.of("text"))), template.install());
  }

  private static void assertRefused(EntryTemplate template, CborMap material, CborMap install) {
    assertThrows(
        InstallException.class,
        () -> new TokenInstaller()
            .install(
                new InstallRequest(template.address(), 1, VALIDITY, material, install, List.of())));
  }
}
