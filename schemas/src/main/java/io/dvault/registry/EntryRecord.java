package io.dvault.registry;

import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.Cid;
import io.dvault.model.SpecHash;
import io.dvault.model.Validity;
import java.util.Optional;

/**
 * One entry as the registry holds it.
 *
 * @param generation from 1, one more at every issue
 * @param kind entry kind, {@code SshCertificate}
 * @param sealed the raw block with the sealed bundle; empty once revoked
 * @param publicPart the public part, encrypted with a key derived from the salt (see PublicPart); never changed
 * @param serial the certificate's serial number, or 0 where the kind has none
 */
public record EntryRecord(
    long generation,
    String kind,
    SpecHash spec,
    Optional<Cid> sealed,
    CborBytes publicPart,
    Validity validity,
    EntryStatus status,
    long serial) {

  /** What is left when it ends: no sealed bundle, all else as it was. */
  public EntryRecord ended(EntryStatus how) {
    return new EntryRecord(
        generation, kind, spec, Optional.empty(), publicPart, validity, how, serial);
  }
}
