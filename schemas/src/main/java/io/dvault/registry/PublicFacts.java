package io.dvault.registry;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.SpecHash;
import io.dvault.model.VaultSalt;
import io.dvault.registry.PublicPart.Form;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the registry tells whoever has the repository of an entry: the plaintext of {@code EntryRecord.publicPart}. So
 * an entry keeps its name, its protection and what it was issued from when git has forgotten them. Source:
 * schemas/spec/registry.md.
 *
 * @param address empty in records of the first vaults
 * @param protect whether the YAML said {@code protect: true} when it was issued
 * @param spec the canonical spec, encoded, that {@code EntryRecord.spec} is the hash of; left out when longer than
 *     {@link #MAX_SPEC}
 * @param part the public part itself: key, certificate; what the kind made
 */
public record PublicFacts(
    Optional<EntryAddress> address, boolean protect, Optional<byte[]> spec, byte[] part) {
  /** Most bytes of a spec that is kept, encoded: a block of a device stays small. */
  public static final int MAX_SPEC = 1 << 14;

  private static final int MAX_ADDRESS = 191;

  /** Most bytes of {@code part}: with a spec that is left out and the longest address it still fits. */
  public static final int MAX_PART = PublicPart.MAX_LENGTH - 256;

  public PublicFacts {
    spec = spec.map(byte[]::clone);
    part = part.clone();
  }

  /** The facts of a new record; a spec that is too long for it is left out. */
  public static PublicFacts of(EntryAddress address, boolean protect, byte[] spec, byte[] part) {
    boolean fits = spec.length <= MAX_SPEC && part.length + spec.length <= MAX_PART;
    return new PublicFacts(
        Optional.of(address), protect, fits ? Optional.of(spec) : Optional.empty(), part);
  }

  @Override
  public Optional<byte[]> spec() {
    return spec.map(byte[]::clone);
  }

  @Override
  public byte[] part() {
    return part.clone();
  }

  /** {@link #spec} if it is really what {@code hash} was made of. */
  public Optional<byte[]> specOf(VaultSalt salt, SpecHash hash) {
    return spec().filter(bytes -> SpecHash.of(salt, bytes).equals(hash));
  }

  /** What {@code EntryRecord.publicPart} becomes. Throws IllegalArgumentException beyond {@link #MAX_PART} bytes. */
  public CborBytes encrypt(VaultSalt salt, EntryId entry, long generation) {
    if (part.length > MAX_PART) {
      throw new IllegalArgumentException(
          "a public part has at most " + MAX_PART + " bytes, got " + part.length);
    }
    return CborValue.of(
        PublicPart.encrypt(Form.FACTS, salt, entry, generation, DagCbor.encode(toCbor())));
  }

  /** How many bytes {@link #encrypt} gives. */
  public int encryptedLength() {
    return PublicPart.encryptedLength(DagCbor.length(toCbor()));
  }

  private CborMap toCbor() {
    Map<String, CborValue> map = new LinkedHashMap<>();
    map.put("v", CborValue.of(1)); // in dag-cbor's order, so that nothing has to be sorted
    map.put("part", CborValue.of(part));
    spec.ifPresent(bytes -> map.put("spec", CborValue.of(bytes)));
    map.put("address", CborValue.of(address.orElseThrow().toString()));
    map.put("protect", CborValue.of(protect));
    return CborValue.of(map);
  }

  /** The facts, or empty when these bytes were not made for just this entry and generation of this vault. */
  public static Optional<PublicFacts> decrypt(VaultSalt salt, EntryId entry, EntryRecord record) {
    byte[] encrypted = record.publicPart().value();
    return PublicPart.decrypt(Form.FACTS, salt, entry, record.generation(), encrypted)
        .flatMap(PublicFacts::parse)
        .or(() -> PublicPart.decrypt(Form.PART, salt, entry, record.generation(), encrypted)
            .map(part -> new PublicFacts(Optional.empty(), false, Optional.empty(), part)));
  }

  private static Optional<PublicFacts> parse(byte[] plain) {
    try {
      MapReader map = MapReader.of(
          DagCbor.decode(plain),
          "public",
          Set.of("v", "address", "protect", "part"),
          Set.of("spec"));
      map.requireInt("v", 1, 1);
      return Optional.of(new PublicFacts(
          Optional.of(EntryAddress.parse(map.requireText("address", MAX_ADDRESS))),
          map.requireBool("protect"),
          map.has("spec") ? Optional.of(map.requireBytes("spec", MAX_SPEC)) : Optional.empty(),
          map.requireBytes("part", MAX_PART)));
    } catch (MalformedCborException | IllegalArgumentException e) {
      return Optional
          .empty(); // whoever wrote it had the salt and wrote nonsense: as unreadable as another's
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicFacts that
        && address.equals(that.address)
        && protect == that.protect
        && Arrays.equals(spec.orElseGet(() -> new byte[0]), that.spec.orElseGet(() -> new byte[0]))
        && Arrays.equals(part, that.part);
  }

  @Override
  public int hashCode() {
    return 31 * address.hashCode() + Arrays.hashCode(part);
  }
}
