package io.dvault.cbor;

import java.util.Comparator;

/**
 * Encodes and decodes strict dag-cbor: one byte form per value, everything else refused. Links are the two forms of
 * {@link Cid} and no other. Source: IPLD dag-cbor specification; schemas/spec/dag-cbor-and-cid.md.
 */
public final class DagCbor {
  /** Most bytes of one encoded value: a block's limit, 1 MiB. schemas/spec/dag-cbor-and-cid.md. */
  public static final int MAX_LENGTH = 1 << 20;

  /** Most maps and lists inside each other. */
  public static final int MAX_DEPTH = 64;

  /** Most values (map keys not counted) in one encoding, so that 1 MiB of bytes cannot become 100 MiB of objects. */
  public static final int MAX_VALUES = 1 << 18;

  /** dag-cbor's order of map keys: by length of the UTF-8 form, then bytewise. */
  public static final Comparator<String> KEY_ORDER = Utf8::compareKeys;

  private DagCbor() {}

  /**
   * The one encoding of {@code value}, owned by the caller; throws IllegalArgumentException when it is longer than
   * {@link #MAX_LENGTH}, deeper than {@link #MAX_DEPTH}, or holds text with half a surrogate pair.
   */
  public static byte[] encode(CborValue value) {
    CborOutput out = new CborOutput(length(value));
    CborEncoder.write(value, out);
    return out.toBytes();
  }

  /** How many bytes {@link #encode} gives; throws as it does. */
  public static int length(CborValue value) {
    return CborLength.of(value);
  }

  /** Reads exactly one value that fills {@code bytes}; what {@link #encode} would not have written is refused. */
  public static CborValue decode(byte[] bytes) throws MalformedCborException {
    return new CborDecoder(bytes)
        .decode(); // which checks each rule as it reads; tests encode what it took again
  }
}
