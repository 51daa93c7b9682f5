package io.dvault.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.bundle.Identity;
import io.dvault.desired.DesiredState;
import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import io.dvault.model.Diagnostic.Severity;
import io.dvault.model.EntryAddress;
import io.dvault.model.VaultId;
import io.dvault.workflow.Enrolments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  @TempDir
  Path folder;

  private TestVault vault;

  @BeforeEach
  void fleet() {
    vault = TestVault.in(folder)
        .device("drone-1", "role: drone, site: berlin")
        .device("drone-2", "role: drone, site: oslo")
        .device("gate-1", "role: gateway, site: berlin")
        .authority("fleet-ssh", 1);
  }

  private Diagnostic only(String code) {
    List<Diagnostic> findings = vault.findings();
    assertEquals(
        List.of(code), findings.stream().map(Diagnostic::code).toList(), findings.toString());
    return findings.getFirst();
  }

  private Set<String> devicesOf(String devices) {
    vault.hostCertificate("host", devices, "7d", "2d");
    return vault.desired().entries().keySet().stream()
        .map(EntryAddress::device)
        .collect(Collectors.toSet());
  }

  @Test
  void read_wholeRepository_givesEntriesOfEveryDevice() {
    vault
        .hostCertificate("sshd-host", "{selector: {role: drone}}", "7d", "2d")
        .grant("alice", "{names: [gate-1]}", "5m", "INC-4711");
    DesiredState desired = vault.desired();
    assertEquals(
        List.of(
            "Grant/alice@gate-1",
            "SshCertificate/sshd-host@drone-1",
            "SshCertificate/sshd-host@drone-2"),
        desired.entries().keySet().stream().map(EntryAddress::toString).toList());
    assertEquals(Set.of("drone-1", "drone-2", "gate-1"), desired.devices().keySet());
    assertEquals(1, desired.findAuthority("fleet-ssh").orElseThrow().active());
  }

  @ParameterizedTest
  @Tag("A5")
  @CsvSource(delimiter = '|', textBlock = """
      {selector: {role: drone}}                       | drone-1 drone-2
      {selector: {role: drone, site: oslo}}           | drone-2
      {selector: {site: 'ber*'}}                      | drone-1 gate-1
      {names: ['drone-*']}                            | drone-1 drone-2
      {names: ['*-1']}                                | drone-1 gate-1
      {names: ['drone-?', gate-1], except: [drone-1]} | drone-2 gate-1
      {names: ['drone-*'], selector: {site: berlin}}  | drone-1
      {groups: [berlin]}                              | drone-1 gate-1
      {groups: [berlin], selector: {role: gateway}}   | gate-1
      {names: [gate-1]}                               | gate-1
      """)
  void select_byNamesLabelsAndGroups_allMustHold(String devices, String expected) {
    assertEquals(Set.of(expected.split(" ")), devicesOf(devices));
  }

  @ParameterizedTest
  @Tag("A6")
  @CsvSource(delimiter = '|', textBlock = """
      {selector: {role: boat}}    | DV036
      {names: ['x-*']}            | DV036
      {}                          | DV036
      {names: [drone-3]}          | DV035
      {groups: [berlim]}          | DV035
      {selector: {rolle: drone}}  | DV036
      """)
  void select_nobody_isRefused(String devices, String code) {
    vault.hostCertificate("host", devices, "7d", "2d");
    only(code);
  }

  @Test
  @Tag("A2")
  void select_misspeltDevice_saysWhichWasMeant() {
    vault.hostCertificate("host", "{names: [drone-11]}", "7d", "2d");
    assertTrue(only("DV035").detail().getFirst().contains("Did you mean \"drone-1\"?"));
  }

  @ParameterizedTest
  @Tag("A6")
  @CsvSource({"5s,1s,DV104", "59s,1s,DV104", "7d,7d,DV105", "7d,8d,DV105"})
  void lifetime_thatCannotWork_isRefused(String ttl, String renewBefore, String code) {
    vault.hostCertificate("host", "{names: [drone-1]}", ttl, renewBefore);
    assertTrue(only(code).position().orElseThrow().file().equals("sshcertificate-host.yaml"));
  }

  @Test
  @Tag("A6")
  void lifetime_twoPollIntervals_isEnough() {
    vault.hostCertificate("host", "{names: [drone-1]}", "60s", "20s");
    assertEquals(List.of(), vault.findings());
  }

  @ParameterizedTest
  @Tag("A6")
  @Tag("T26")
  @ValueSource(strings = {"[]", "['*']", "['']", "['a,b']", "[\"a\\nb\"]", "['a\"b']", "['a b']"})
  void principals_thatLetAnyoneIn_areRefused(String principals) {
    vault.object("SshCertificate", "host", """
        authority: fleet-ssh
        type: user
        devices: {names: [drone-1]}
        principals: %s
        ttl: 7d
        renewBefore: 2d
        install: {path: /etc/ssh/dvault}""".formatted(principals));
    assertFalse(vault.findings().isEmpty());
    assertTrue(vault.findings().stream().allMatch(each -> each.severity() == Severity.ERROR));
  }

  @ParameterizedTest
  @Tag("T26")
  @ValueSource(
      strings = {
        "'*'",
        "'a,b'",
        "'a b'",
        "A",
        "-a",
        "a-",
        "'a/b'",
        "'../a'",
        "'a@b'",
        "\"a\\nb\"",
        "\"a'b\"",
        "ä",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void name_outsideTheAlphabet_isRefused(String name) {
    vault.file("bad.yaml", """
        apiVersion: dvault.io/v1
        kind: Grant
        metadata: {name: %s}
        spec: {publicKey: "%s", account: ops, devices: {names: [drone-1]}, ttl: 5m, reason: "x"}
        """.formatted(name, TestVault.ALICE));
    List<Diagnostic> findings = vault.findings();
    assertTrue(
        findings.stream().anyMatch(each -> each.code().equals("DV022")), findings.toString());
  }

  @Test
  @Tag("A2")
  void unknownField_isFoundWithItsPlace() {
    vault.object("Grant", "alice", """
        publicKey: "%s"
        acount: ops
        account: ops
        devices: {names: [drone-1]}
        ttl: 5m
        reason: "x\"""".formatted(TestVault.ALICE));
    Diagnostic found = only("DV012");
    assertEquals("unknown field \"acount\"", found.summary());
    assertEquals("grant-alice.yaml:6:3", found.position().orElseThrow().toString());
    assertEquals("Grant \"alice\"", found.subject());
  }

  @Test
  @Tag("A2")
  void unknownKind_saysWhichWasMeant() {
    vault.object("SshCertificat", "x", "a: b");
    assertEquals("did you mean \"SshCertificate\"?", only("DV021").hint());
  }

  @ParameterizedTest
  @Tag("A2")
  @CsvSource(delimiter = '|', textBlock = """
      kind: Grant                        | DV020
      apiVersion: dvault.io/v2           | DV020
      'apiVersion: dvault.io/v1'         | DV013
      '[a, b]'                           | DV011
      just words                         | DV011
      'services: {web: {image: nginx}}'  | DV020
      """)
  void document_thatIsNotOurs_isRefused(String yaml, String code) {
    vault.file("other.yaml", yaml + "\n");
    only(code);
  }

  @Test
  void document_belowADotFolder_isNobodysBusiness() {
    vault.file(".github/workflows/ci.yaml", "on: push\n").file(".dvault/x.yaml", "&a *b\n");
    assertEquals(List.of(), vault.findings());
  }

  @Test
  void document_forDevices_isLeftToThem() {
    vault
        .file("agent/agent.yaml", "poll: 1s\nfolders: [/etc/ssh/dvault]\n")
        .file(
            "anchor.yaml",
            "apiVersion: dvault.io/v1\nkind: Anchor\nmetadata: {name: fleet}\nspec: {}\n");
    assertEquals(List.of(), vault.findings());
    vault.file("agent/agent.yaml", "kind: Grant\nspec: {}\n");
    only("DV020");
  }

  @Test
  @Tag("A2")
  void findings_ofSeveralFiles_areToldTogetherByPlace() {
    vault.grant("b", "{names: [nobody]}", "1s", "x").grant("a", "{names: [drone-1]}", "no", "x");
    assertEquals(
        List.of("grant-a.yaml DV014", "grant-b.yaml DV035", "grant-b.yaml DV104"),
        vault.findings().stream()
            .map(each -> each.position().orElseThrow().file() + " " + each.code())
            .toList());
  }

  @Test
  void object_declaredTwice_namesTheFirst() {
    vault
        .grant("alice", "{names: [drone-1]}", "5m", "x")
        .file("z.yaml", readString("grant-alice.yaml"));
    assertTrue(only("DV023").detail().getFirst().contains("grant-alice.yaml:1:1"));
  }

  private String readString(String path) {
    try {
      return Files.readString(folder.resolve(path));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void vault_missingOrTwice_isRefused() {
    vault.file("second.yaml", TestVault.vaultYaml().replace("name: fleet", "name: other"));
    only("DV024");
    vault.delete("second.yaml").delete("vault.yaml");
    only("DV024");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      threshold: 1                       | threshold: 2                 | DV027
      0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266 | 0x0000000000000000000000000000000000000000 | DV027
      0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266 | 0xf39f                 | DV026
      http://127.0.0.1:8545              | ftp://x                      | DV026
      id: 31337                          | id: 0                        | DV016
      publish: []                        | publish: [{store: s3}]       | DV039
      groups:                            | grups:                       | DV012
      """)
  void vault_settingsThatCannotWork_areRefused(String from, String to, String code) {
    vault.file("vault.yaml", TestVault.vaultYaml().replace(from, to));
    assertTrue(
        vault.findings().stream().anyMatch(each -> each.code().equals(code)),
        vault.findings().toString());
  }

  @Test
  @Tag("T27")
  void salt_thatIsNone_isNotRepeated() {
    vault.file("vault.yaml", TestVault.vaultYaml().replaceAll("salt: .*", "salt: \"hunter2\""));
    assertFalse(only("DV026").toString().contains("hunter2"));
  }

  @Test
  @Tag("T19")
  void device_classicRecipient_needsAWord() {
    String classic = TestVault.deviceYaml(
        "old", "role: old", Identity.generateClassic(new SecureRandom()), TestVault.ID);
    vault.file("devices/old.yaml", classic);
    assertEquals(List.of(), vault.findings());
    vault.file("devices/old.yaml", classic.replace("classic: true", "classic: false"));
    only("DV029");
  }

  @Test
  void device_ofAnotherVault_isRefused() {
    VaultId other = new VaultId(Bytes32.sha256("other"));
    vault.file(
        "devices/old.yaml",
        TestVault.deviceYaml("old", "", Identity.generate(new SecureRandom()), other));
    assertEquals("devices/old.yaml", onlyFault("old").position().orElseThrow().file());
  }

  @Test
  void device_underAnotherName_isRefused() {
    vault.file("devices/copy.yaml", readString("devices/drone-1.yaml").replace("drone-1", "copy"));
    assertEquals(
        Set.of("DV032"),
        vault.findings().stream().map(Diagnostic::code).collect(Collectors.toSet()));
    vault.delete("devices/drone-1.yaml");
    onlyFault("copy");
  }

  @Test
  void device_withAnotherRecipientOrSigner_isRefused() {
    for (String field : List.of("recipient", "signer")) {
      Matcher other = Pattern.compile(field + ": .*").matcher(readString("devices/drone-2.yaml"));
      assertTrue(other.find());
      String original = readString("devices/drone-1.yaml");
      String drone2 = readString("devices/drone-2.yaml");
      vault.delete("devices/drone-2.yaml");
      vault.file("devices/drone-1.yaml", original.replaceFirst(field + ": .*", other.group()));
      onlyFault("drone-1");
      vault.file("devices/drone-1.yaml", original).file("devices/drone-2.yaml", drone2);
    }
  }

  @Test
  void device_proofOfTheWrongForm_isRefused() {
    String text = readString("devices/gate-1.yaml");
    vault.file("devices/gate-1.yaml", text.replaceFirst("proof: .*", "proof: \"AAAA\""));
    only("DV031");
  }

  /** The device whose proof alone does not hold, with a place in its file. */
  private Diagnostic onlyFault(String device) {
    List<Diagnostic> faults =
        Enrolments.faults(TestVault.ID, vault.desired().devices().values());
    assertEquals(
        List.of("DV031"), faults.stream().map(Diagnostic::code).toList(), faults.toString());
    assertEquals("Device \"" + device + "\"", faults.getFirst().subject());
    return faults.getFirst();
  }

  @Test
  @Tag("T27")
  void device_identityInsteadOfRecipient_isNotRepeated() {
    String text = readString("devices/gate-1.yaml")
        .replaceAll("recipient: .*", "recipient: \"AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQ\"");
    vault.file("devices/gate-1.yaml", text);
    assertFalse(only("DV028").toString().contains("QQQ"));
  }

  @Test
  void authority_withoutKey_isToldOnce() {
    vault.authority("second").object("SshCertificate", "host", """
        authority: second
        type: host
        devices: {names: [drone-1]}
        principals: [a]
        ttl: 7d
        install: {path: /etc/ssh/dvault}""");
    assertTrue(only("DV033").detail().getFirst().contains("dvault authority create second"));
  }

  @Test
  void authority_newestGeneration_signsUnlessOneIsNamed() {
    vault.authority("fleet-ssh", 2);
    assertEquals(2, vault.desired().findAuthority("fleet-ssh").orElseThrow().active());
    vault.object("Authority", "fleet-ssh", "type: ssh\nkey: {type: ed25519, generation: 1}");
    assertEquals(1, vault.desired().findAuthority("fleet-ssh").orElseThrow().active());
    vault.object("Authority", "fleet-ssh", "type: ssh\nkey: {type: ed25519, generation: 7}");
    only("DV033");
  }

  @Test
  void authority_publicFileThatIsNone_isRefused() {
    vault.file("authorities/fleet-ssh.1.pub", "ssh-rsa nonsense\n");
    assertTrue(vault.findings().stream().anyMatch(each -> each.code().equals("DV034")));
  }

  @Test
  @Tag("A2")
  void authority_misspelt_saysWhichWasMeant() {
    vault.hostCertificate("host", "{names: [drone-1]}", "7d", "2d");
    vault.file(
        "sshcertificate-host.yaml",
        readString("sshcertificate-host.yaml").replace("fleet-ssh", "flet-ssh"));
    assertTrue(only("DV037").detail().getFirst().contains("fleet-ssh"));
  }

  @Test
  void read_filesNamedOtherwise_givesTheSame() {
    vault
        .hostCertificate("host", "{selector: {role: drone}}", "7d", "2d")
        .grant("alice", "{names: [gate-1]}", "5m", "x");
    DesiredState before = vault.desired();
    String all = readString("sshcertificate-host.yaml") + "---\n"
        + readString("devices/gate-1.yaml") + "---\n" + readString("grant-alice.yaml");
    vault
        .delete("sshcertificate-host.yaml")
        .delete("devices/gate-1.yaml")
        .delete("grant-alice.yaml")
        .file("a/b/c/everything.yml", all);
    DesiredState after = vault.desired();
    assertFalse(before.entries().isEmpty());
    assertEquals(before.entries().keySet(), after.entries().keySet());
    before.entries().forEach((address, entry) -> {
      assertEquals(entry.id(), after.findEntry(address).orElseThrow().id());
      assertEquals(entry.device(), after.findEntry(address).orElseThrow().device());
      assertEquals(
          entry.template().spec(),
          after.findEntry(address).orElseThrow().template().spec());
      assertEquals(
          entry.template().install(),
          after.findEntry(address).orElseThrow().template().install());
    });
  }
}
