package io.dvault.converge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.converge.Converger.Knowledge;
import io.dvault.converge.Step.Install;
import io.dvault.converge.Step.Keep;
import io.dvault.converge.Step.Reason;
import io.dvault.converge.Step.Remove;
import io.dvault.converge.Step.Replace;
import io.dvault.install.InstalledEntry;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.RevocationId;
import io.dvault.model.SpecHash;
import io.dvault.model.Validity;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.spi.Installation.AtEnd;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ConvergerTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final EntryId ID = new EntryId(Bytes32.sha256("entry"));
  private static final DeviceId DEVICE = new DeviceId(Bytes32.sha256("device"));

  private static InstalledEntry held(long generation, long secondsLeft, AtEnd atEnd) {
    return new InstalledEntry(
        ID,
        generation,
        EntryAddress.parse("Token/x@d"),
        validity(secondsLeft),
        atEnd,
        Optional.empty(),
        List.of(),
        List.of());
  }

  private static Validity validity(long secondsLeft) {
    return new Validity(NOW.minusSeconds(1000), NOW.plusSeconds(secondsLeft));
  }

  private static EntryRecord record(long generation, long secondsLeft, EntryStatus status) {
    Optional<Cid> sealed = status == EntryStatus.ACTIVE
        ? Optional.of(new Cid(Codec.RAW, Bytes32.sha256("b")))
        : Optional.empty();
    return new EntryRecord(
        generation,
        "Token",
        new SpecHash(Bytes32.ZERO),
        sealed,
        CborValue.of(new byte[0]),
        validity(secondsLeft),
        status,
        0);
  }

  private static List<Step> plan(
      Optional<InstalledEntry> held,
      Optional<Map<EntryId, EntryRecord>> listed,
      Set<RevocationId> revoked) {
    return Converger.plan(new Knowledge(
        held.map(each -> Map.of(ID, each)).orElse(Map.of()),
        listed.map(entries -> DeviceEntry.of(DEVICE, entries)),
        revoked,
        Set.of(),
        Set.of(),
        NOW));
  }

  private static List<Step> plan(InstalledEntry held, EntryRecord listed) {
    return plan(Optional.of(held), Optional.of(Map.of(ID, listed)), Set.of());
  }

  @Test
  void plan_listedAndNotHeld_installs() {
    EntryRecord record = record(1, 60, EntryStatus.ACTIVE);
    assertEquals(
        List.of(new Install(ID, record)),
        plan(Optional.empty(), Optional.of(Map.of(ID, record)), Set.of()));
  }

  @Test
  void plan_listedEndedRevokedOrRevokedByGuardian_isNotInstalled() {
    assertEquals(
        List.of(),
        plan(
            Optional.empty(), Optional.of(Map.of(ID, record(1, 0, EntryStatus.ACTIVE))), Set.of()));
    assertEquals(
        List.of(),
        plan(
            Optional.empty(),
            Optional.of(Map.of(ID, record(1, 60, EntryStatus.REVOKED))),
            Set.of()));
    assertEquals(
        List.of(),
        plan(
            Optional.empty(),
            Optional.of(Map.of(ID, record(1, 60, EntryStatus.ACTIVE))),
            Set.of(RevocationId.of(ID, 1))));
  }

  @Test
  void plan_sameGeneration_keeps() {
    InstalledEntry held = held(1, 60, AtEnd.REMOVE);
    assertEquals(List.of(new Keep(held, false)), plan(held, record(1, 60, EntryStatus.ACTIVE)));
  }

  @Test
  void plan_newGeneration_replaces_alsoWhenTheOldOneStillHolds() {
    InstalledEntry held = held(1, 60, AtEnd.REMOVE);
    EntryRecord next = record(2, 600, EntryStatus.ACTIVE);
    assertEquals(List.of(new Replace(held, next)), plan(held, next));
  }

  @Test
  @Tag("I8")
  void plan_endReachedToTheSecond_removesAccessAndKeepsHostKeys() {
    InstalledEntry access = held(1, 0, AtEnd.REMOVE);
    assertEquals(
        List.of(new Remove(access, Reason.ENDED)), plan(access, record(1, 0, EntryStatus.ACTIVE)));
    InstalledEntry host = held(1, 0, AtEnd.KEEP);
    assertEquals(List.of(new Keep(host, true)), plan(host, record(1, 0, EntryStatus.ACTIVE)));
  }

  @Test
  @Tag("T17")
  void plan_listingUnknown_removesNothingThatStillHolds() {
    InstalledEntry held = held(1, 60, AtEnd.REMOVE);
    assertEquals(
        List.of(new Keep(held, false)), plan(Optional.of(held), Optional.empty(), Set.of()));
    assertEquals(
        List.of(new Remove(held, Reason.NOT_LISTED)),
        plan(Optional.of(held), Optional.of(Map.of()), Set.of()));
  }

  @Test
  @Tag("I11")
  void plan_guardianRevokedHeldGeneration_removesWhateverIsListed() {
    InstalledEntry held = held(1, 60, AtEnd.KEEP);
    assertEquals(
        List.of(new Remove(held, Reason.GUARDIAN)),
        plan(Optional.of(held), Optional.empty(), Set.of(RevocationId.of(ID, 1))));
    assertEquals(
        List.of(new Keep(held, false)),
        plan(Optional.of(held), Optional.empty(), Set.of(RevocationId.of(ID, 2))));
  }
}
