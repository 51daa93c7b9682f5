package io.dvault.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.config.TestVault;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import io.dvault.registry.AuthorityStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("P1")
class PlannerTest {
  @TempDir
  Path folder;

  private TestVault vault;
  private Scenario scenario;

  @BeforeEach
  void fleet() {
    vault = TestVault.in(folder)
        .device("drone-1", "role: drone")
        .device("drone-2", "role: drone")
        .device("gate", "role: gateway")
        .authority("fleet-ssh", 1)
        .hostCertificate("host", "{selector: {role: drone}}", "7d", "2d");
    scenario = new Scenario(vault);
  }

  private void sshKey() {
    vault.object("SshKey", "backup", """
        devices: {selector: {role: drone}}
        ttl: 7d
        renewBefore: 2d
        install: {path: /etc/ssh/dvault}
        authorizedOn: {devices: {names: [gate]}, account: ops}""");
  }

  private List<String> planned() {
    return Scenario.lines(scenario.plan());
  }

  @Test
  void plan_firstTime_issuesAllAndActivatesTheAuthority() {
    Plan plan = scenario.plan();
    assertEquals(
        List.of(
            "+ SshCertificate/host@drone-1: not-issued",
            "+ SshCertificate/host@drone-2: not-issued"),
        Scenario.lines(plan));
    assertEquals(1, plan.authorities().size());
    assertEquals(AuthorityStatus.ACTIVE, plan.authorities().getFirst().to());
    assertEquals(Optional.empty(), plan.authorities().getFirst().from());
    assertEquals(
        List.of(1L << 20 | 1, 1L << 20 | 2),
        plan.issuing().stream().map(Change.Issuing::serial).toList());
    assertEquals(1, plan.estimate().transactions());
    assertEquals(2, plan.estimate().sealedBundles());
  }

  @Test
  void plan_afterApply_isEmptyAndCostsNothing() {
    sshKey();
    vault.grant("alice", "{names: [gate]}", "5m", "x");
    scenario.apply();
    assertTrue(scenario.plan().isEmpty());
    assertEquals(List.of(), planned());
    assertEquals(new Estimate(0, 0, 0, 0), scenario.plan().estimate());
    assertEquals(6, scenario.plan().keeps().size());
  }

  @Test
  void plan_specChanged_rotates() {
    scenario.apply();
    vault.hostCertificate("host", "{selector: {role: drone}}", "8d", "2d");
    assertEquals(
        List.of(
            "± SshCertificate/host@drone-1: spec-changed",
            "± SshCertificate/host@drone-2: spec-changed"),
        planned());
    assertEquals(
        List.of(2L, 2L),
        scenario.plan().issuing().stream().map(Change.Issuing::generation).toList());
  }

  @Test
  void plan_renewBeforeAlone_changesNothing() {
    scenario.apply();
    vault.hostCertificate("host", "{selector: {role: drone}}", "7d", "3d");
    assertTrue(scenario.plan().isEmpty());
  }

  @Test
  void plan_expiring_rotatesInTimeAndSaysWhen() {
    scenario.apply();
    scenario.pass(Duration.ofDays(5).minusSeconds(1));
    assertTrue(scenario.plan().isEmpty());
    scenario.pass(Duration.ofHours(2).plusSeconds(1));
    Change change = scenario.plan().changes().getFirst();
    assertEquals(Reason.Code.EXPIRING, change.reason().code());
    assertEquals("expires in 1d 22h, renewed at 2d", change.reason().words());
    FieldChange notAfter = change.fields(scenario.now).getFirst();
    assertEquals("2026-11-29 20:00Z", notAfter.before());
    assertEquals("2026-12-04 22:00Z", notAfter.after());
  }

  @Test
  void plan_expired_rotates() {
    scenario.apply();
    scenario.pass(Duration.ofDays(7));
    assertEquals(
        Reason.Code.EXPIRED, scenario.plan().changes().getFirst().reason().code());
  }

  @Test
  void plan_undeclared_revokesByName() {
    scenario.apply();
    vault.delete("sshcertificate-host.yaml");
    assertEquals(
        List.of(
            "- SshCertificate/host@drone-1: not-in-configuration",
            "- SshCertificate/host@drone-2: not-in-configuration"),
        planned());
    scenario.apply();
    assertTrue(scenario.plan().isEmpty());
  }

  @Test
  void plan_deviceRemoved_revokesAllOfIt() {
    scenario.apply();
    vault.delete("devices/drone-2.yaml");
    assertEquals(List.of("- SshCertificate/host@drone-2: not-in-configuration"), planned());
    assertEquals(
        "device not in configuration",
        scenario.plan().changes().getFirst().reason().words());
  }

  @Test
  void plan_recipientChanged_movesTheEntry() {
    scenario.apply();
    vault.device("drone-1", "role: drone");
    Plan plan = scenario.plan();
    assertEquals(List.of("± SshCertificate/host@drone-1: recipient-changed"), Scenario.lines(plan));
    Change.Rotate rotate = (Change.Rotate) plan.changes().getFirst();
    assertFalse(rotate.from().equals(rotate.device()));
    assertEquals(2, rotate.generation());
    scenario.apply();
    assertTrue(scenario.plan().isEmpty());
  }

  @Test
  void plan_authorityRotated_rotatesWhatItSigned() {
    scenario.apply();
    vault.authority("fleet-ssh", 2);
    Plan plan = scenario.plan();
    assertEquals(
        List.of(
            "± SshCertificate/host@drone-1: authority-rotated",
            "± SshCertificate/host@drone-2: authority-rotated"),
        Scenario.lines(plan));
    assertEquals(
        List.of(AuthorityStatus.TAINTED, AuthorityStatus.ACTIVE),
        plan.authorities().stream().map(AuthorityTransition::to).toList());
    scenario.apply();
    assertTrue(scenario.plan().isEmpty());
  }

  @Test
  void plan_authorityPrepared_thenActivated() {
    scenario.apply();
    vault
        .authority("fleet-ssh", 2)
        .object("Authority", "fleet-ssh", "type: ssh\nkey: {type: ed25519, generation: 1}");
    Plan plan = scenario.apply();
    assertEquals(List.of(), Scenario.lines(plan));
    assertEquals(
        List.of(AuthorityStatus.PREPARED),
        plan.authorities().stream().map(AuthorityTransition::to).toList());
    vault.object("Authority", "fleet-ssh", "type: ssh\nkey: {type: ed25519, generation: 2}");
    assertEquals(2, scenario.plan().rotations());
  }

  @Test
  void plan_authorityFileChanged_isRefused() {
    scenario.apply();
    vault.authority("fleet-ssh", 1);
    DiagnosticException refused = assertThrows(DiagnosticException.class, scenario::plan);
    assertEquals("DV209", refused.diagnostics().getFirst().code());
  }

  @Test
  void plan_peerRotates_rotatesWhatCarriesIt() {
    sshKey();
    scenario.apply();
    Plan plan = scenario.plan(
        PlanOptions.NONE.replacing(Set.of(EntryAddress.parse("SshKey/backup@drone-1"))));
    assertEquals(
        List.of("± AuthorizedKeys/backup@gate: peer-rotated", "± SshKey/backup@drone-1: replaced"),
        Scenario.lines(plan));
  }

  @Test
  void plan_newPeer_rotatesWhatCarriesIt() {
    sshKey();
    scenario.apply();
    vault.device("drone-3", "role: drone");
    assertEquals(
        List.of(
            "± AuthorizedKeys/backup@gate: spec-changed",
            "+ SshCertificate/host@drone-3: not-issued",
            "+ SshKey/backup@drone-3: not-issued"),
        planned());
  }

  @Test
  @Tag("S8")
  void plan_revokedByCommand_isIssuedAnewLater() {
    sshKey();
    scenario.apply();
    Plan revocation = scenario.apply(Scenario.revoking("SshKey/backup@drone-1").orElseThrow());
    assertEquals(
        List.of(
            "± AuthorizedKeys/backup@gate: peer-rotated", "- SshKey/backup@drone-1: compromised"),
        Scenario.lines(revocation));
    assertEquals(Set.of(EntryAddress.parse("SshKey/backup@drone-1")), revocation.gone());
    assertTrue(
        scenario.plan(Scenario.revoking("SshKey/backup@drone-1").orElseThrow()).isEmpty());
    Plan again = scenario.plan();
    assertEquals(
        List.of("± AuthorizedKeys/backup@gate: peer-rotated", "+ SshKey/backup@drone-1: replaced"),
        Scenario.lines(again));
    assertEquals(2, again.issuing().getLast().generation());
  }

  @Test
  @Tag("S8")
  void plan_revertOfGit_neverRevivesAGeneration() {
    scenario.apply();
    vault.delete("sshcertificate-host.yaml");
    scenario.apply();
    vault.hostCertificate("host", "{selector: {role: drone}}", "7d", "2d");
    assertEquals(
        List.of(2L, 2L),
        scenario.plan().issuing().stream().map(Change.Issuing::generation).toList());
  }

  @Test
  void plan_guardianRevoked_isIssuedAnewWithoutItsOldKey() {
    sshKey();
    scenario.apply();
    scenario.guardianRevokes("SshKey/backup@drone-2", 1);
    Plan plan = scenario.plan();
    assertEquals(
        List.of(
            "± AuthorizedKeys/backup@gate: peer-rotated", "+ SshKey/backup@drone-2: compromised"),
        Scenario.lines(plan));
    assertEquals(Set.of(EntryAddress.parse("SshKey/backup@drone-2")), plan.gone());
    scenario.apply();
    assertTrue(scenario.plan().isEmpty());
  }

  @Test
  void plan_revokeUnknown_isRefused() {
    DiagnosticException refused = assertThrows(
        DiagnosticException.class,
        () -> scenario.plan(Scenario.revoking("SshKey/nothing@drone-1").orElseThrow()));
    assertEquals("DV210", refused.diagnostics().getFirst().code());
  }

  @Test
  @Tag("O14")
  void plan_endedGrant_staysEndedUntilItsSpecChanges() {
    vault.grant("alice", "{names: [gate]}", "5m", "INC-4711");
    scenario.apply();
    scenario.pass(Duration.ofMinutes(6));
    assertTrue(scenario.plan().isEmpty());
    assertTrue(scenario.plan().keeps().stream().anyMatch(Change.Keep::ended));
    vault.grant("alice", "{names: [gate]}", "5m", "INC-4712");
    assertEquals(List.of("± Grant/alice@gate: spec-changed"), planned());
  }

  @Test
  @Tag("S8")
  void plan_revokedGrant_doesNotComeBackForTheSameSpec() {
    vault.grant("alice", "{names: [gate]}", "5m", "INC-4711");
    scenario.apply();
    scenario.apply(Scenario.revoking("Grant/alice@gate").orElseThrow());
    assertTrue(scenario.plan().isEmpty());
    vault.delete("grant-alice.yaml");
    assertTrue(scenario.plan().isEmpty());
    vault.grant("alice", "{names: [gate]}", "5m", "INC-4711");
    assertTrue(scenario.plan().isEmpty());
  }

  @Test
  void plan_endedGrantUndeclared_isClearedOnlyAlongWithOthers() {
    vault.grant("alice", "{names: [gate]}", "5m", "INC-4711");
    scenario.apply();
    scenario.pass(Duration.ofMinutes(6));
    vault.delete("grant-alice.yaml");
    assertTrue(scenario.plan().isEmpty());
    assertEquals(1, scenario.plan().housekeeping());
    assertEquals(new Estimate(0, 0, 0, 0), scenario.plan().estimate());
    vault.device("drone-3", "role: drone");
    Plan plan = scenario.apply();
    assertEquals(0, plan.revocations());
    assertEquals(1, plan.housekeeping());
    assertEquals(0, scenario.plan().housekeeping());
  }

  @Test
  void plan_only_touchesNothingElse() {
    scenario.apply();
    vault.grant("alice", "{names: [gate]}", "5m", "x").device("drone-3", "role: drone");
    EntryAddress alice = EntryAddress.parse("Grant/alice@gate");
    Plan plan = scenario.plan(PlanOptions.issuing(Set.of(alice)));
    assertEquals(List.of("+ Grant/alice@gate: not-issued"), Scenario.lines(plan));
  }
}
