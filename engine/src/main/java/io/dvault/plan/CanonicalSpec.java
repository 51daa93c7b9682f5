package io.dvault.plan;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborInt;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.model.EntryAddress;
import io.dvault.model.SpecHash;
import io.dvault.model.VaultSalt;
import io.dvault.spi.EntryTemplate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What an entry is issued from, as one value: dag-cbor of {@code {spec, install, ttl, authority: [name, generation] |
 * null, peers: [[address, generation]]}}. So a new generation of an authority or of a peer changes it too. Its salted
 * hash is in the registry in the open, itself encrypted. Source: schemas/spec/registry.md.
 */
public final class CanonicalSpec {
  /** In dag-cbor's order: by length, then by bytes. */
  private static final List<String> KEYS = List.of("ttl", "spec", "peers", "install", "authority");

  private final byte[] encoded;

  private CanonicalSpec(byte[] encoded) {
    this.encoded = encoded;
  }

  /**
   * @param authorityGeneration of the template's authority, if it names one
   * @param peerGenerations 0 for a peer that nobody holds
   */
  static CanonicalSpec of(
      EntryTemplate template,
      Optional<Long> authorityGeneration,
      ToLongFunction<EntryAddress> peerGenerations) {
    CborValue authority = authorityGeneration.isPresent()
        ? generation(template.authority().orElseThrow(), authorityGeneration.get())
        : CborValue.NULL;
    List<CborList> peers = new ArrayList<>(template.peers().size());
    for (EntryAddress peer : template.peers()) {
      peers.add(generation(peer.toString(), peerGenerations.applyAsLong(peer)));
    }
    CborMap fields = CborMap.inOrder(
        KEYS,
        CborValue.of(template.ttl().toSeconds()),
        template.spec(),
        CborValue.of(peers),
        template.install(),
        authority);
    return new CanonicalSpec(DagCbor.encode(fields));
  }

  private static CborList generation(String name, long generation) {
    return CborValue.of(List.of(CborValue.of(name), CborValue.of(generation)));
  }

  /** What the registry remembers, already held against its hash. */
  static CanonicalSpec ofEncoded(byte[] encoded) {
    return new CanonicalSpec(encoded.clone());
  }

  /** Whether the two are the same to the byte. */
  boolean sameAs(CanonicalSpec other) {
    return Arrays.equals(encoded, other.encoded);
  }

  /** The generation of the authority that signs, if one does. */
  Optional<Long> authorityGeneration() {
    return fields()
        .find("authority")
        .filter(CborList.class::isInstance)
        .map(authority ->
            ((CborInt) ((CborList) authority).items().getLast()).value().longValue());
  }

  CborMap fields() {
    try {
      return (CborMap) DagCbor.decode(encoded);
    } catch (MalformedCborException e) {
      throw new IllegalStateException(
          "the hash of a canonical spec agreed, and it does not decode", e);
    }
  }

  int length() {
    return encoded.length;
  }

  /** Its dag-cbor. */
  public byte[] encoded() {
    return encoded.clone();
  }

  SpecHash hash(VaultSalt salt) {
    return SpecHash.of(salt, encoded);
  }
}
