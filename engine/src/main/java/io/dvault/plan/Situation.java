package io.dvault.plan;

import io.dvault.desired.DesiredEntry;
import io.dvault.model.SpecHash;
import io.dvault.spi.EntryTemplate.Renewal;
import java.time.Instant;

/**
 * An entry that is declared and held: what the rules look at.
 *
 * @param held the newest record of the entry
 * @param revokedByGuardian whether the chain lists just this generation as revoked
 * @param spec what it would be issued from now
 * @param specWithHeldAuthority the same with the generation of the authority that the registry has as active
 * @param specWithHeldPeers the same with the generations of the peers that the registry has
 */
record Situation(
    DesiredEntry desired,
    HeldEntry held,
    boolean revokedByGuardian,
    boolean replace,
    SpecHash spec,
    SpecHash specWithHeldAuthority,
    SpecHash specWithHeldPeers,
    Instant now) {

  boolean once() {
    return desired.template().renewal() == Renewal.ONCE;
  }

  boolean working() {
    return held.isActive() && !revokedByGuardian;
  }

  boolean expired() {
    return !now.isBefore(held.record().validity().notAfter());
  }

  /** Whether the record was issued from this spec, but for generations that the registry has. */
  boolean knowsSpec() {
    SpecHash issuedFrom = held.record().spec();
    return issuedFrom.equals(spec)
        || issuedFrom.equals(specWithHeldAuthority)
        || issuedFrom.equals(specWithHeldPeers);
  }

  boolean sameSpec() {
    return held.record().spec().equals(spec);
  }
}
