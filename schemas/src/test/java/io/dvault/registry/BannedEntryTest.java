package io.dvault.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.model.Bytes32;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultSalt;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("S8")
class BannedEntryTest {
  private static final VaultSalt SALT = new VaultSalt(Bytes32.sha256("salt"));
  private static final EntryAddress ADDRESS = EntryAddress.parse("Grant/alice@gate");
  private static final EntryId ENTRY = EntryId.of(SALT, ADDRESS);

  private static EntryRecord record(EntryStatus status) {
    EntryRecord some = Vaults.entry("Grant", 3, status);
    CborBytes facts =
        PublicFacts.of(ADDRESS, false, new byte[] {1}, new byte[] {7}).encrypt(SALT, ENTRY, 3);
    return new EntryRecord(
        3, "Grant", some.spec(), some.sealed(), facts, some.validity(), status, some.serial());
  }

  @Test
  void movedAside_bannedRecord_keepsItsKeyReadableUnderItsOwnId() {
    BannedEntry moved = BannedEntry.movedAside(
            SALT, ENTRY, Map.of(ENTRY, record(EntryStatus.BANNED)))
        .orElseThrow();
    assertEquals(RevocationId.of(ENTRY, 3).bytes(), moved.id().bytes());
    assertEquals(EntryStatus.BANNED, moved.record().status());
    PublicFacts facts = PublicFacts.decrypt(SALT, moved.id(), moved.record()).orElseThrow();
    assertEquals(Optional.of(ADDRESS), facts.address());
    assertEquals(7, facts.part()[0]);
  }

  @Test
  void movedAside_anythingElse_staysToBeReplaced() {
    assertTrue(BannedEntry.movedAside(SALT, ENTRY, Map.of(ENTRY, record(EntryStatus.REVOKED)))
        .isEmpty());
    assertTrue(BannedEntry.movedAside(SALT, ENTRY, Map.of(ENTRY, record(EntryStatus.ACTIVE)))
        .isEmpty());
    assertTrue(BannedEntry.movedAside(SALT, ENTRY, Map.of()).isEmpty());
  }

  @Test
  void acts_recordMovedAside_isNoActOfItsOwn() {
    assertEquals(Map.of(), new EntryChange.Added(ENTRY, record(EntryStatus.BANNED)).acts());
    assertEquals(
        Map.of("Grant", KeyAction.REVOKE),
        new EntryChange.Changed(ENTRY, record(EntryStatus.ACTIVE), record(EntryStatus.BANNED))
            .acts());
  }
}
