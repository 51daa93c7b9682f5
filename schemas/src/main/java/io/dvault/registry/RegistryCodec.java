package io.dvault.registry;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import io.dvault.dag.MalformedBlockException;
import io.dvault.model.AuthorityId;
import java.util.List;
import java.util.SortedMap;

/**
 * The blocks of the typed tree, to and from dag-cbor. What breaks a rule is refused by both: MalformedCborException
 * when reading, IllegalArgumentException when writing. schemas/spec/registry.md.
 */
public final class RegistryCodec {
  /** Most bytes of an encrypted public part, and of an authority's public key or certificate. */
  public static final int MAX_PUBLIC = 1 << 16;

  private RegistryCodec() {}

  public static CborMap encode(VaultRoot root) {
    return checked(RootCodec.encode(root), RootCodec::decode);
  }

  public static VaultRoot decodeRoot(CborValue value) throws MalformedCborException {
    return RootCodec.decode(value);
  }

  public static CborMap encode(DeviceEntry device) {
    return checked(DeviceCodec.encode(device), DeviceCodec::decode);
  }

  public static DeviceEntry decodeDevice(CborValue value) throws MalformedCborException {
    return DeviceCodec.decode(value);
  }

  public static CborMap encode(SortedMap<AuthorityId, List<AuthorityRecord>> authorities) {
    return checked(AuthorityCodec.encode(authorities), AuthorityCodec::decode);
  }

  public static SortedMap<AuthorityId, List<AuthorityRecord>> decodeAuthorities(CborValue value)
      throws MalformedCborException {
    return AuthorityCodec.decode(value);
  }

  public static CborMap encode(DeviceRules rules) {
    return checked(DeviceRulesCodec.encode(rules), DeviceRulesCodec::decode);
  }

  public static DeviceRules decodeRules(CborValue value) throws MalformedCborException {
    return DeviceRulesCodec.decode(value);
  }

  /** Refuses at once, in the writer, what no reader would accept. */
  private static CborMap checked(CborMap encoded, Decoder<?> decoder) {
    try {
      decoder.decode(encoded);
      return encoded;
    } catch (MalformedCborException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** One decode function of this class. */
  interface Decoder<T> {
    T decode(CborValue value) throws MalformedCborException;
  }

  /** Fetches and decodes; what breaks its format is a {@link MalformedBlockException}. */
  static <T> T read(BlockSource source, Cid cid, Decoder<T> decoder) {
    try {
      if (cid.codec() != Codec.DAG_CBOR) {
        throw new MalformedCborException("expected a dag-cbor block");
      }
      return decoder.decode(DagCbor.decode(source.get(cid).bytes()));
    } catch (MalformedCborException e) {
      throw new MalformedBlockException(cid, e.getMessage());
    }
  }

  static Block block(CborValue value) {
    return Block.of(Codec.DAG_CBOR, DagCbor.encode(value));
  }
}
