package io.dvault.dag;

import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;

/**
 * Bytes with the id that their hash gives; at most {@link #MAX_LENGTH} long. The bytes are shared:
 * nobody changes them.
 */
public final class Block {
  /** 1 MiB. schemas/spec/dag-cbor-and-cid.md. */
  public static final int MAX_LENGTH = 1 << 20;

  private final Cid cid;
  private final byte[] bytes;

  private Block(Cid cid, byte[] bytes) {
    this.cid = cid;
    this.bytes = bytes;
  }

  /** Hashes {@code bytes}, which belong to the block from then on. */
  public static Block of(Codec codec, byte[] bytes) {
    if (bytes.length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a block has at most " + MAX_LENGTH + " bytes, got " + bytes.length);
    }
    return new Block(Cid.of(codec, bytes), bytes);
  }

  public Cid cid() {
    return cid;
  }

  /** Not copied: treat as read-only. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Block that && cid.equals(that.cid);
  }

  @Override
  public int hashCode() {
    return cid.hashCode();
  }

  @Override
  public String toString() {
    return cid + " (" + bytes.length + " bytes)";
  }
}
