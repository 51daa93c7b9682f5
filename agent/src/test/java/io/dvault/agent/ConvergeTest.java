package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.converge.Cycle.Report;
import io.dvault.model.DeviceId;
import io.dvault.model.RevocationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real chain, a real gateway, real files. */
@ExtendWith(TestFleet.Fixture.class)
class ConvergeTest {
  static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFIaWwbNUtAQxRyXUVMj3UF8TnZgxsAEq1FnQVGqQ5A5";
  private final TestFleet fleet;
  private final TestVault vault;
  private final TestDevice device;

  ConvergeTest(TestFleet fleet) {
    this.fleet = fleet;
    this.vault = fleet.vault;
    this.device = fleet.device;
  }

  private void commitApp(String content) {
    vault.put(
        device.recipient,
        TestEntry.named("app").file("/etc/app/secret", content).with("action", "reload-good"));
    vault.commit();
  }

  @Test
  @Tag("G1")
  @Tag("T32")
  void look_committedEntry_installsItWithItsModeAndRunsItsAction() throws IOException {
    commitApp("one");
    Report report = device.look();
    assertEquals(List.of(), report.problems());
    assertEquals("one", device.read("/etc/app/secret"));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(device.path("/etc/app/secret"))));
    assertEquals("one", Files.readString(device.layout.root().resolve("reloads")));
    assertEquals(1, device.trust().epoch());
    try (Stream<Path> all = Files.walk(device.layout.state())) {
      List<Path> files = all.filter(each -> Files.isRegularFile(each)).toList();
      assertTrue(files.contains(device.layout.trust()), files.toString());
      for (Path path : files) {
        boolean open =
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)).endsWith("r--");
        assertTrue(
            !open
                || List.of("anchor.yaml", "device.yaml", "receipt", "status", "lock")
                    .contains(path.getFileName().toString()),
            path.toString());
      }
    }
  }

  @Test
  void look_nothingNew_changesNothingAndReloadsNothing() throws IOException {
    commitApp("one");
    device.look();
    Path generation = Files.readSymbolicLink(device.layout.current());
    int asked = vault.gateway.requests();
    assertEquals(List.of(), device.look().problems());
    assertEquals(generation, Files.readSymbolicLink(device.layout.current()));
    assertEquals("one", Files.readString(device.layout.root().resolve("reloads")));
    assertEquals(asked, vault.gateway.requests(), "a head that did not change costs no block");
  }

  @Test
  @Tag("G7")
  void look_rotatedThenDropped_leavesNoOldSecretOnDisk() throws IOException {
    commitApp("first-secret");
    device.look();
    commitApp("second-secret");
    device.look();
    assertEquals("second-secret", device.read("/etc/app/secret"));
    assertFalse(onDisk("first-secret"));
    vault.drop(device.recipient, TestEntry.named("app"));
    vault.commit();
    device.look();
    assertFalse(device.has("/etc/app/secret"));
    assertFalse(onDisk("second-secret"));
  }

  private boolean onDisk(String text) throws IOException {
    try (Stream<Path> all = Files.walk(device.layout.state())) {
      for (Path path : all.filter(each -> Files.isRegularFile(each)).toList()) {
        if (Files.readString(path, java.nio.charset.StandardCharsets.ISO_8859_1).contains(text)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void look_registryRevokedEntry_removesIt() throws IOException {
    commitApp("one");
    device.look();
    vault.revoke(device.recipient, TestEntry.named("app"));
    vault.commit();
    device.look();
    assertFalse(device.has("/etc/app/secret"));
  }

  @Test
  @Tag("I11")
  void look_guardianRevokes_removesItWithAllGatewaysDown() throws IOException {
    commitApp("one");
    device.look();
    vault.gateway.misbehave(io.dvault.gateway.HostileGateway.Fault.HANGS_UP);
    vault.second.misbehave(io.dvault.gateway.HostileGateway.Fault.HANGS_UP);
    vault
        .fixture
        .writer()
        .revoke(vault.id(), List.of(RevocationId.of(TestEntry.named("app").id(), 1)));
    device.look();
    assertFalse(device.has("/etc/app/secret"));
    vault.gateway.misbehave(io.dvault.gateway.HostileGateway.Fault.NONE);
    device.look();
    assertFalse(device.has("/etc/app/secret"), "a revoked generation never comes back");
    commitApp("two");
    device.look();
    assertEquals("two", device.read("/etc/app/secret"));
  }

  @Test
  @Tag("O6")
  void look_commitThatTouchesOtherSlotsOnly_fetchesNothing() throws IOException {
    commitApp("one");
    device.look();
    String other = otherDevice();
    vault.put(other, TestEntry.named("other").file("/etc/app/x", "x"));
    vault.commit();
    vault.put(other, TestEntry.named("other").file("/etc/app/x", "y"));
    vault.commit();
    int asked = vault.gateway.requests() + vault.second.requests();
    Report report = device.look();
    assertEquals(3, report.state().epoch());
    assertEquals(asked, vault.gateway.requests() + vault.second.requests());
    assertEquals("one", device.read("/etc/app/secret"));
    commitApp("two");
    device.look();
    assertEquals("two", device.read("/etc/app/secret"));
  }

  /** A recipient whose device lies in another first-level slot. */
  private String otherDevice() {
    int own = io.dvault.dag.Shards.slotOf(
        DeviceId.ofRecipient(device.recipient).bytes().toArray());
    while (true) {
      try (var identity =
          io.dvault.bundle.Identity.generateClassic(new java.security.SecureRandom())) {
        if (io.dvault.dag.Shards.slotOf(identity.recipient().deviceId().bytes().toArray()) != own) {
          return identity.recipient().toString();
        }
      }
    }
  }

  @Test
  @Tag("O6")
  void look_commitOfAnotherVaultOnTheSameContract_isIgnored() throws IOException {
    commitApp("one");
    device.look();
    try (TestVault other = new TestVault(fleet.anvil)) {
      other.put(device.recipient, TestEntry.named("app").file("/etc/app/secret", "other admin's"));
      other.commit();
      assertEquals(List.of(), device.look().problems());
      assertEquals("one", device.read("/etc/app/secret"));
      assertEquals(1, device.trust().epoch());
    }
  }

  @Test
  @Tag("G2")
  @Tag("T24")
  void look_probeFails_keepsTheGenerationBeforeAndInstallsTheRest() throws IOException {
    vault.put(device.recipient, TestEntry.named("svc").file("/etc/app/svc", "good"));
    vault.commit();
    device.look();
    vault.put(
        device.recipient,
        TestEntry.named("svc").file("/etc/app/svc", "bad").with("action", "reload-bad"));
    vault.put(
        device.recipient,
        TestEntry.named("app").file("/etc/app/secret", "fine").with("action", "reload-good"));
    vault.commit();
    Report report = device.look();
    assertEquals("good", device.read("/etc/app/svc"));
    assertEquals("fine", device.read("/etc/app/secret"));
    assertEquals(List.of("DV550"), TestDevice.codes(report));
    assertTrue(
        report.problems().getFirst().why().contains("the service is down; generation 1 kept"),
        report.problems().getFirst().why().replace("sh exited 1: ", ""));
  }

  @Test
  @Tag("G2")
  @Tag("T24")
  void look_stagedCheckFails_neverActivatesIt() throws IOException {
    vault.put(
        device.recipient,
        TestEntry.named("c").file("/etc/app/checked", "evil").with("action", "check-stage"));
    vault.commit();
    assertEquals(List.of("DV550"), TestDevice.codes(device.look()));
    assertFalse(device.has("/etc/app/checked"));
    vault.put(
        device.recipient,
        TestEntry.named("c").file("/etc/app/checked", "good").with("action", "check-stage"));
    vault.commit();
    assertEquals(List.of(), device.look().problems());
    assertEquals("good", device.read("/etc/app/checked"));
  }

  @Test
  @Tag("O15")
  @Tag("O14")
  @Tag("T25")
  void look_grantComesAndGoes_leavesTheFileAsItWasToTheByte() throws IOException {
    String before =
        "# mine\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOldOldOldOldOldOldOldOldOldOldOldOldOldOldOld me, no line feed";
    Files.writeString(device.authorizedKeys(), before);
    Files.setPosixFilePermissions(
        device.authorizedKeys(), PosixFilePermissions.fromString("rw-r-----"));
    TestEntry grant = TestEntry.named("alice")
        .keys("ops", "restrict,pty", KEY, "alice@laptop")
        .until(TestVault.now().plusSeconds(60));
    vault.put(device.recipient, grant);
    vault.commit();
    assertEquals(List.of(), device.look().problems());
    String with = Files.readString(device.authorizedKeys());
    String end = java.time.format.DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'")
        .withZone(java.time.ZoneOffset.UTC)
        .format(grant.validity().notAfter().minusSeconds(1));
    assertTrue(
        with.contains("\nexpiry-time=\"" + end + "\",restrict,pty " + KEY + " alice@laptop\n"),
        with);
    assertTrue(with.endsWith(before));
    assertEquals(
        "rw-r-----",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(device.authorizedKeys())));
    device.clock.shift(Duration.ofSeconds(61));
    device.look();
    assertEquals(before, Files.readString(device.authorizedKeys()));
  }

  @Test
  @Tag("O15")
  void look_grantOnAccountWithoutKeys_leavesNoFileBehind() throws IOException {
    TestEntry grant = TestEntry.named("alice").keys("ops", "", KEY, "");
    vault.put(device.recipient, grant);
    vault.commit();
    device.look();
    assertTrue(Files.exists(device.authorizedKeys()));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(device.authorizedKeys())));
    vault.drop(device.recipient, grant);
    vault.commit();
    device.look();
    assertFalse(Files.exists(device.authorizedKeys()));
  }

  @Test
  @Tag("G1")
  void look_fileChangedBehindOurBack_bringsItBack() throws IOException {
    commitApp("one");
    device.look();
    Files.writeString(device.path("/etc/app/secret"), "tampered");
    device.look();
    assertEquals("one", device.read("/etc/app/secret"));
    Files.delete(device.path("/etc/app/secret"));
    device.look();
    assertEquals("one", device.read("/etc/app/secret"));
    assertEquals(
        "oneoneone",
        Files.readString(device.layout.root().resolve("reloads")),
        "its service is told each time");
  }

  @Test
  @Tag("T22")
  void look_awayForMonths_followsManyEpochs() throws IOException {
    for (int i = 0; i < 70; i++) {
      commitApp("v" + i);
    }
    device.clock.shift(Duration.ofDays(3));
    assertEquals(List.of(), device.look().problems());
    assertEquals("v69", device.read("/etc/app/secret"));
    assertEquals(70, device.trust().epoch());
  }

  @Test
  void look_twoAgentsAtOnce_secondIsRefused() throws IOException {
    try (Agent first = device.open(io.dvault.disk.Checkpoint.NONE)) {
      var e = org.junit.jupiter.api.Assertions.assertThrows(
          io.dvault.model.DiagnosticException.class,
          () -> device.open(io.dvault.disk.Checkpoint.NONE));
      assertEquals("DV503", e.diagnostics().getFirst().code());
      assertTrue(first.cycle().nextEnd().isEmpty());
    }
  }
}
