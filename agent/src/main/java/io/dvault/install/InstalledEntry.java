package io.dvault.install;

import io.dvault.model.Bytes32;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.Validity;
import io.dvault.spi.Installation.AtEnd;
import io.dvault.spi.Installation.AuthorizedKey;
import java.util.List;
import java.util.Optional;

/**
 * One installed entry, as a manifest keeps it: where everything of it is, and nothing that is secret.
 *
 * @param action to run when its files change or go
 */
public record InstalledEntry(
    EntryId entry,
    long generation,
    EntryAddress address,
    Validity validity,
    AtEnd atEnd,
    Optional<String> action,
    List<HeldFile> files,
    List<AuthorizedKey> keys) {
  public InstalledEntry {
    files = List.copyOf(files);
    keys = List.copyOf(keys);
  }

  /**
   * @param path on the device, as the vault names it
   * @param hash SHA-256 of the content
   */
  public record HeldFile(String path, int mode, Optional<String> owner, Bytes32 hash) {}
}
