package io.dvault.registry;

import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.model.EntryId;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultSalt;
import java.util.Map;
import java.util.Optional;

/**
 * A banned record whose place a new generation takes: it moves aside, to the id that a guardian would revoke it by, on
 * the same device. So what was compromised once stays listed for good. Source: schemas/spec/registry.md.
 *
 * @param id where it is listed
 */
public record BannedEntry(EntryId id, EntryRecord record) {

  /** What {@code entries} of a device must list besides, when {@code entry} is issued anew on it. */
  public static Optional<BannedEntry> movedAside(
      VaultSalt salt, EntryId entry, Map<EntryId, EntryRecord> entries) {
    return Optional.ofNullable(entries.get(entry))
        .filter(old -> old.status() == EntryStatus.BANNED)
        .map(old -> of(salt, entry, old));
  }

  private static BannedEntry of(VaultSalt salt, EntryId entry, EntryRecord old) {
    EntryId id = new EntryId(RevocationId.of(entry, old.generation()).bytes());
    CborBytes facts = PublicFacts.decrypt(salt, entry, old)
        .filter(known -> known.address().isPresent())
        .map(known -> known.encrypt(salt, id, old.generation()))
        .orElseGet(old::publicPart); // unreadable stays unreadable
    return new BannedEntry(
        id,
        new EntryRecord(
            old.generation(),
            old.kind(),
            old.spec(),
            Optional.empty(),
            facts,
            old.validity(),
            EntryStatus.BANNED,
            old.serial()));
  }
}
