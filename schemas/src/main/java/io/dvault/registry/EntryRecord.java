package io.dvault.registry;

import io.dvault.cbor.Cid;
import io.dvault.model.SpecHash;
import io.dvault.model.Validity;
import java.util.Arrays;
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
    byte[] publicPart,
    Validity validity,
    EntryStatus status,
    long serial) {
  public EntryRecord {
    publicPart = publicPart.clone();
  }

  @Override
  public byte[] publicPart() {
    return publicPart.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntryRecord that
        && generation == that.generation
        && kind.equals(that.kind)
        && spec.equals(that.spec)
        && sealed.equals(that.sealed)
        && Arrays.equals(publicPart, that.publicPart)
        && validity.equals(that.validity)
        && status == that.status
        && serial == that.serial;
  }

  @Override
  public int hashCode() {
    return 31 * spec.hashCode() + Long.hashCode(generation);
  }
}
