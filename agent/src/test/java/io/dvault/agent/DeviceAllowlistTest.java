package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.converge.Cycle.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Approved by everyone, sealed to us, authentic, and still not allowed: docs/requirements.md G11,
 * docs/threat-model.md T35, T26.
 */
@Tag("G11")
@ExtendWith(TestFleet.Fixture.class)
class DeviceAllowlistTest {
  private final TestFleet fleet;
  private final TestVault vault;
  private final TestDevice device;

  DeviceAllowlistTest(TestFleet fleet) {
    this.fleet = fleet;
    this.vault = fleet.vault;
    this.device = fleet.device;
    vault.put(device.recipient, TestEntry.named("good").file("/etc/app/good", "good"));
  }

  /** Commits {@code entry} beside a good one, and shows that only the good one came. */
  private Report refused(TestEntry entry, String code) throws IOException {
    vault.put(device.recipient, entry);
    vault.commit();
    Report report = device.look();
    assertEquals(List.of(code), TestDevice.codes(report), report.problems().toString());
    assertEquals("good", device.read("/etc/app/good"), "the rest is installed");
    assertEquals(1, report.held().size());
    assertTrue(device
        .log
        .toString(java.nio.charset.StandardCharsets.UTF_8)
        .contains("level=alarm event=" + code));
    return report;
  }

  @ParameterizedTest
  @Tag("T35")
  @ValueSource(
      strings = {
        "/etc/app/../../etc/shadow",
        "/etc/app/./x",
        "/etc/app//x",
        "/etc/app",
        "/etc/app/",
        "/etc/apple/x",
        "/etc/shadow",
        "etc/app/x",
        "/etc/app/x\u0000y",
        "/etc/app/x\ny",
        "/etc/app/..",
        "/var/lib/dvault/trust",
        "/etc/dvault/agent.yaml",
        "/etc/app/a b",
        "/"
      })
  void look_pathOutsideTheFolders_isRefused(String path) throws IOException {
    refused(TestEntry.named("evil").file(path, "evil"), "DV540");
    assertFalse(Files.exists(device.layout.root().resolve("etc/shadow")));
  }

  @Test
  @Tag("T35")
  void look_unknownAction_isRefused() throws IOException {
    refused(TestEntry.named("evil").file("/etc/app/x", "x").with("action", "rm -rf /"), "DV541");
  }

  @Test
  @Tag("T35")
  void look_unknownAccount_isRefused() throws IOException {
    refused(TestEntry.named("evil").keys("root", "", ConvergeTest.KEY, ""), "DV542");
  }

  @ParameterizedTest
  @CsvSource({"4755", "0666", "0222"})
  void look_modeThatNobodyShouldHave_isRefused(String mode) throws IOException {
    refused(TestEntry.named("evil").file("/etc/app/x", "x").with("mode", mode), "DV543");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nosuchuser", "root;id", "root:nosuchgroup"})
  void look_ownerThatThisDeviceDoesNotKnow_isRefused(String owner) throws IOException {
    refused(TestEntry.named("evil").file("/etc/app/x", "x").with("owner", owner), "DV543");
  }

  @Test
  @Tag("T35")
  void look_managedFolderIsALinkElsewhere_isRefused() throws IOException {
    Path target = Files.createDirectories(fleet.folder.resolve("target"));
    Files.createSymbolicLink(device.path("/etc/ssh/dvault"), target);
    refused(TestEntry.named("evil").file("/etc/ssh/dvault/key", "x"), "DV545");
    try (var files = Files.list(target)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  @Tag("T35")
  void look_parentOfTheFolderIsALink_isRefused() throws IOException {
    Path target = Files.createDirectories(fleet.folder.resolve("target"));
    Files.delete(device.path("/etc/ssh"));
    Files.createSymbolicLink(device.path("/etc/ssh"), target);
    refused(TestEntry.named("evil").file("/etc/ssh/dvault/key", "x"), "DV545");
    try (var files = Files.list(target)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void look_folderWithFilesOfSomebodyElse_isRefusedAndLeftAlone() throws IOException {
    Files.createDirectories(device.path("/etc/ssh/dvault"));
    Files.writeString(device.path("/etc/ssh/dvault/mine"), "mine");
    refused(TestEntry.named("evil").file("/etc/ssh/dvault/key", "x"), "DV545");
    assertEquals("mine", device.read("/etc/ssh/dvault/mine"));
  }

  @Test
  void look_twoEntriesWantOnePath_theOneThatIsThereStays() throws IOException {
    vault.commit();
    device.look();
    refused(TestEntry.named("thief").file("/etc/app/good", "stolen place"), "DV544");
  }

  @Test
  @Tag("O4")
  void look_installerRefusesTheMaterial_restIsInstalled() throws IOException {
    refused(TestEntry.named("bad").file("/etc/app/x", "x").with("unfit", "yes"), "DV534");
  }

  @Test
  void look_pluginCrashes_restIsInstalled() throws IOException {
    refused(TestEntry.named("bad").file("/etc/app/x", "x").with("crash", "yes"), "DV534");
  }

  @ParameterizedTest
  @Tag("T26")
  @ValueSource(
      strings = {
        "restrict,command=\"sh\" ssh-ed25519 AAAA\nssh-ed25519",
        "cert-authority",
        "environment=\"LD_PRELOAD=x\"",
        "principals=\"root\"",
        "restrict ,pty",
        "command=\"a\\\"b\"",
        "command=\"$(id)\"",
        "from=\"*\"",
        "restrict,,pty",
        "expiry-time=\"20990101\"",
        "tunnel=\"0\"",
        "RESTRICT"
      })
  void look_optionOutsideTheWhitelist_isRefused(String options) throws IOException {
    refused(TestEntry.named("evil").keys("ops", options, ConvergeTest.KEY, ""), "DV542");
    assertFalse(Files.exists(device.authorizedKeys()));
  }

  @ParameterizedTest
  @Tag("T26")
  @ValueSource(
      strings = {
        "a\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEvilEvilEvilEvilEvilEvilEvilEvilEvilEvilEvi evil",
        "a\rb",
        "é",
        "a\"b",
        "a#b",
        "\u0000"
      })
  void look_commentThatCouldEndTheLine_isRefused(String comment) throws IOException {
    refused(TestEntry.named("evil").keys("ops", "restrict", ConvergeTest.KEY, comment), "DV542");
  }

  @ParameterizedTest
  @Tag("T26")
  @ValueSource(
      strings = {
        "ssh-ed25519",
            "ssh-dss AAAAB3NzaC1kc3MAAACBAJ3hB5SAF6mBXPlZlRoJEZi0KSIN+NU2iGiaXZXi9CDrgVxp6/andonandon",
        "ssh-ed25519 AAAA",
            "ssh-ed25519  AAAAC3NzaC1lZDI1NTE5AAAAIFIaWwbNUtAQxRyXUVMj3UF8TnZgxsAEq1FnQVGqQ5A5",
        "restrict ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFIaWwbNUtAQxRyXUVMj3UF8TnZgxsAEq1FnQVGqQ5A5"
      })
  void look_keyOfAnotherForm_isRefused(String key) throws IOException {
    refused(TestEntry.named("evil").keys("ops", "", key, ""), "DV542");
  }

  @Test
  void look_authorizedKeysIsALink_isNotFollowed() throws IOException {
    Path shadow = Files.writeString(fleet.folder.resolve("shadow"), "root:*:");
    Files.createSymbolicLink(device.authorizedKeys(), shadow);
    vault.put(
        device.recipient, TestEntry.named("alice").keys("ops", "restrict", ConvergeTest.KEY, ""));
    vault.commit();
    assertEquals(List.of("DV551"), TestDevice.codes(device.look()));
    assertEquals("root:*:", Files.readString(shadow));
    assertTrue(Files.isSymbolicLink(device.authorizedKeys()));
  }

  @Test
  void look_sshFolderIsALink_isNotFollowed() throws IOException {
    Path etc = Files.createDirectories(fleet.folder.resolve("elsewhere"));
    Files.delete(device.path("/home/ops/.ssh"));
    Files.createSymbolicLink(device.path("/home/ops/.ssh"), etc);
    vault.put(
        device.recipient, TestEntry.named("alice").keys("ops", "restrict", ConvergeTest.KEY, ""));
    vault.commit();
    assertEquals(List.of("DV551"), TestDevice.codes(device.look()));
    try (var files = Files.list(etc)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void look_markedBlockWithoutItsEnd_isLeftAndReported() throws IOException {
    TestEntry grant = TestEntry.named("alice").keys("ops", "restrict", ConvergeTest.KEY, "alice");
    vault.put(device.recipient, grant);
    vault.commit();
    device.look();
    String cut = Files.readString(device.authorizedKeys()).replaceFirst("# END .*\n", "");
    Files.writeString(device.authorizedKeys(), cut);
    assertEquals(List.of("DV551"), TestDevice.codes(device.look()));
    assertEquals(cut, Files.readString(device.authorizedKeys()));
  }

  @Test
  void look_folderTakenOutOfAgentYaml_takesItsFilesAway() throws IOException {
    vault.commit();
    device.look();
    Files.writeString(device.layout.config(), TestDevice.AGENT_YAML.replace(", /etc/app]", "]"));
    Report report = device.look();
    assertEquals(0, report.held().size());
    assertFalse(device.has("/etc/app/good"));
    assertEquals(List.of("DV540"), TestDevice.codes(report));
  }
}
