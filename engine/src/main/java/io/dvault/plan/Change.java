package io.dvault.plan;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.desired.DesiredEntry;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.SpecHash;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.PublicFacts;
import io.dvault.spi.EntryTemplate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One step of a plan. */
public sealed interface Change {
  EntryId entry();

  /** The device that holds the entry after the change (before it, for a revocation). */
  DeviceId device();

  /** Empty for an entry that the registry lists and nobody here can name. */
  Optional<EntryAddress> address();

  Reason reason();

  /**
   * The lines below it: everything that it depends on, and old and new of all that causes it.
   *
   * @param at the plan's instant
   */
  List<FieldChange> fields(Instant at);

  /** {@code Kind/name@device}, or the ids when there is no name. */
  default String label() {
    return address()
        .map(EntryAddress::toString)
        .orElseGet(() -> "entry " + entry().bytes().abbreviated() + " of device "
            + device().bytes().abbreviated());
  }

  /** A change that makes new material: what {@code apply} issues, seals and publishes. */
  sealed interface Issuing extends Change {
    DesiredEntry desired();

    /** One more than any generation before, wherever it was. */
    long generation();

    /** What it is issued from. */
    CanonicalSpec canonical();

    /** What {@code EntryRecord.spec} becomes: the hash of {@link #canonical}. */
    SpecHash spec();

    /** Unique within the vault: see {@link Serials}. */
    long serial();

    /** The same, with its serial. */
    Issuing numbered(long serial);

    /** What the device needs to put it in its place: the readable address beside what the kind wrote. */
    default CborMap install() {
      Map<String, CborValue> install =
          new LinkedHashMap<>(desired().template().install().entries());
      install.put("address", CborValue.of(desired().address().toString()));
      return CborValue.of(install);
    }

    /** What readers of the repository may learn of it later, also when git has forgotten. */
    default PublicFacts facts(byte[] part) {
      EntryTemplate template = desired().template();
      return PublicFacts.of(template.address(), template.protect(), canonical().encoded(), part);
    }

    @Override
    default EntryId entry() {
      return desired().id();
    }

    @Override
    default DeviceId device() {
      return desired().device();
    }

    @Override
    default Optional<EntryAddress> address() {
      return Optional.of(desired().address());
    }
  }

  /** Nothing that works is there yet. */
  record Issue(
      DesiredEntry desired,
      long generation,
      CanonicalSpec canonical,
      SpecHash spec,
      long serial,
      Reason reason)
      implements Issuing {
    @Override
    public Issuing numbered(long number) {
      return new Issue(desired, generation, canonical, spec, number, reason);
    }

    @Override
    public List<FieldChange> fields(Instant at) {
      return FieldChanges.ofNew(desired, canonical, at);
    }
  }

  /**
   * Something is there, and is replaced.
   *
   * @param from the device that holds the old one; another than {@link #device} when the recipient changed: the old
   *     record there becomes revoked
   * @param before what the old one was issued from and was called, as far as the registry remembers, when that differs
   */
  record Rotate(
      DesiredEntry desired,
      DeviceId from,
      EntryRecord old,
      long generation,
      CanonicalSpec canonical,
      SpecHash spec,
      long serial,
      Reason reason,
      Before before)
      implements Issuing {
    /** @param spec empty when it is the same, or not remembered */
    public record Before(Optional<EntryAddress> name, Optional<CanonicalSpec> spec) {
      public static final Before SAME = new Before(Optional.empty(), Optional.empty());
    }

    @Override
    public Issuing numbered(long number) {
      return new Rotate(desired, from, old, generation, canonical, spec, number, reason, before);
    }

    @Override
    public List<FieldChange> fields(Instant at) {
      return FieldChanges.ofRotation(this, at);
    }
  }

  /**
   * The record stays listed as revoked, so that no revert of git brings it back.
   *
   * @param protect whether it is protected; empty when nobody remembers
   */
  record Revoke(
      Optional<EntryAddress> address,
      EntryId entry,
      DeviceId device,
      EntryRecord old,
      Reason reason,
      Optional<Boolean> protect)
      implements Change {
    /** Whether its public key may not come back either. */
    public boolean bans() {
      return reason.code() == Reason.Code.COMPROMISED;
    }

    /** It had ended by itself: marked so that its blocks can go, along with other changes, never for its own sake. */
    public boolean housekeeping() {
      return reason.code() == Reason.Code.ENDED;
    }

    @Override
    public List<FieldChange> fields(Instant at) {
      return FieldChanges.ofRevocation(this, at);
    }
  }

  /**
   * Nothing happens.
   *
   * @param ended whether it is a grant that is over and stays so
   */
  record Keep(DesiredEntry desired, EntryRecord record, boolean ended, Reason reason)
      implements Change {
    @Override
    public EntryId entry() {
      return desired.id();
    }

    @Override
    public DeviceId device() {
      return desired.device();
    }

    @Override
    public Optional<EntryAddress> address() {
      return Optional.of(desired.address());
    }

    @Override
    public List<FieldChange> fields(Instant at) {
      return List.of();
    }
  }
}
