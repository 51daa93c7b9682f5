package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.converge.Cycle.Report;
import io.dvault.ledger.Commit;
import io.dvault.model.AuthorityId;
import io.dvault.registry.Acts;
import io.dvault.registry.AuthorityAct;
import io.dvault.registry.AuthorityAction;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.AuthorityStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Approvers who sign a summary that hides what they did to an authority: their tree is not taken. */
@Tag("T36")
@ExtendWith(TestFleet.Fixture.class)
class AnnouncedAuthoritiesTest {
  private static final AuthorityId CA = AuthorityId.of(TestVault.SALT, "fleet-ssh");
  private static final Instant SINCE = Instant.parse("2026-11-22T20:00:00Z");
  private static final TestEntry FIRST = TestEntry.named("first").file("/etc/app/first", "1");
  private static final TestEntry SECOND = TestEntry.named("second").file("/etc/app/second", "2");

  private final TestVault vault;
  private final TestDevice device;

  AnnouncedAuthoritiesTest(TestFleet fleet) {
    this.vault = fleet.vault;
    this.device = fleet.device;
    vault.put(device.recipient, FIRST);
  }

  private void authority(AuthorityStatus... generations) {
    List<AuthorityRecord> records = IntStream.range(0, generations.length)
        .mapToObj(
            i -> new AuthorityRecord(i + 1, "ssh", new byte[] {(byte) i}, generations[i], SINCE))
        .toList();
    vault.authorities(new TreeMap<>(Map.of(CA, records)));
  }

  /** Otherwise valid: built, published, approved; only the summary is another one. */
  private void commitTelling(AuthorityAct... acts) {
    Commit honest = vault.build();
    Acts lie = new Acts("", "apply", List.of(acts), new TreeMap<>());
    Commit commit = new Commit(
        honest.vault(),
        honest.epoch(),
        honest.prevRoot(),
        honest.root(),
        honest.shards(),
        honest.notAfter(),
        lie.encode(),
        honest.governanceVersion());
    vault.fixture.writer().commit(commit, vault.fixture.approvals(commit));
  }

  private void refused(String why) throws IOException {
    for (int look = 1; look <= 2; look++) { // an agent that starts anew knows it still
      Report report = device.look();
      assertTrue(TestDevice.codes(report).contains("DV529"), report.problems().toString());
      assertTrue(
          report.problems().stream().anyMatch(each -> each.why().contains(why)),
          report.problems().toString());
      assertFalse(device.has("/etc/app/second"), "nothing of that tree is installed");
    }
  }

  private void taken() throws IOException {
    assertEquals(List.of(), TestDevice.codes(device.look()));
    assertEquals("2", device.read("/etc/app/second"));
  }

  @Test
  void look_authorityActIsTold_isTaken() throws IOException {
    authority(AuthorityStatus.ACTIVE);
    vault.commit();
    assertEquals(List.of(), TestDevice.codes(device.look()));
    authority(AuthorityStatus.TAINTED, AuthorityStatus.ACTIVE);
    vault.put(device.recipient, SECOND);
    vault.commit();
    taken();
  }

  @Test
  void look_newGenerationIsHidden_isRefusedUntilACommitTellsOfIt() throws IOException {
    authority(AuthorityStatus.ACTIVE);
    vault.commit();
    device.look();
    authority(AuthorityStatus.ACTIVE, AuthorityStatus.ACTIVE);
    vault.put(device.recipient, SECOND);
    commitTelling();
    refused("generation 2 of authority " + CA.bytes().abbreviated()
        + " is not listed in the tree before and active");
    assertEquals("1", device.read("/etc/app/first"), "what is installed stays");

    authority(AuthorityStatus.ACTIVE, AuthorityStatus.REVOKED);
    vault.commit();
    taken();
  }

  @Test
  void look_otherActThanTold_isRefused() throws IOException {
    authority(AuthorityStatus.ACTIVE);
    vault.commit();
    device.look();
    authority(AuthorityStatus.ACTIVE, AuthorityStatus.ACTIVE);
    vault.put(device.recipient, SECOND);
    commitTelling(new AuthorityAct(CA, 2, AuthorityAction.PREPARE));
    refused("what commits told in public: prepare");
  }

  @Test
  void look_actIsToldAndNotDone_isRefused() throws IOException {
    authority(AuthorityStatus.ACTIVE);
    vault.commit();
    device.look();
    vault.put(device.recipient, SECOND);
    commitTelling(new AuthorityAct(CA, 1, AuthorityAction.REVOKE));
    refused("what commits told in public: revoke");
  }

  @Test
  void look_keyIsSwappedUnderOneGeneration_isRefused() throws IOException {
    authority(AuthorityStatus.ACTIVE);
    vault.commit();
    device.look();
    vault.authorities(new TreeMap<>(Map.of(
        CA,
        List.of(new AuthorityRecord(1, "ssh", new byte[] {99}, AuthorityStatus.ACTIVE, SINCE)))));
    vault.put(device.recipient, SECOND);
    commitTelling();
    refused("is active in the tree before and active in this one");
  }

  @Test
  void look_firstCommitHidesIt_isRefusedByADeviceThatWasThereBefore() throws IOException {
    device.look(); // follows the empty vault
    authority(AuthorityStatus.ACTIVE);
    vault.put(device.recipient, SECOND);
    commitTelling();
    refused("is not listed in the tree before and active");
  }

  /** The commit that hides it does not touch the device, which therefore reads nothing of it; the next one does. */
  @Test
  void look_hiddenInACommitForOthers_isRefusedWithTheNextTree() throws IOException {
    authority(AuthorityStatus.ACTIVE);
    vault.commit();
    device.look();
    authority(AuthorityStatus.ACTIVE, AuthorityStatus.ACTIVE);
    commitTelling();
    assertEquals(List.of(), TestDevice.codes(device.look()));
    vault.put(device.recipient, SECOND);
    vault.commit();
    refused("generation 2");
  }

  @Test
  void look_keptFileIsDamaged_believesTheNextTree() throws IOException {
    authority(AuthorityStatus.ACTIVE);
    vault.commit();
    device.look();
    Files.write(device.layout.authorities(), new byte[] {1, 2, 3});
    vault.put(device.recipient, SECOND);
    vault.commit();
    taken();
  }
}
