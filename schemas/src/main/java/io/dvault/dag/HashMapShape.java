package io.dvault.dag;

/**
 * The parameters of an IPLD HashMap whose keys are hashed with sha2-256.
 *
 * @param bitWidth bits of the key's hash that each level takes, 3 to 16; a node has 2^bitWidth slots
 * @param bucketSize most entries that a slot holds before it becomes a child node, 1 to 64
 */
public record HashMapShape(int bitWidth, int bucketSize) {
  /** The one shape of a vault's registry. schemas/spec/hashmap.md, "Parameters". */
  public static final HashMapShape DVAULT = new HashMapShape(8, 3);

  static final int HASH_BITS = 256;

  public HashMapShape {
    if (bitWidth < 3 || bitWidth > 16 || bucketSize < 1 || bucketSize > 64) {
      throw new IllegalArgumentException(
          "no such HashMap: bitWidth " + bitWidth + ", bucketSize " + bucketSize);
    }
  }

  int slots() {
    return 1 << bitWidth;
  }

  int bitmapLength() {
    return slots() / 8;
  }

  /** Levels that whole portions of the hash suffice for. */
  int maxDepth() {
    return HASH_BITS / bitWidth;
  }
}
