package io.dvault.gateway.server;

import io.dvault.cbor.Cid;

/** What a gateway does to a block before it sends it: nothing, unless a demo or test shows a fault. */
@FunctionalInterface
public interface BlockTransform {
  BlockTransform NONE = (cid, bytes) -> bytes;

  /** Returns the bytes to send; {@code bytes} is shared and must not be changed. */
  byte[] apply(Cid cid, byte[] bytes);

  /** Changes one bit in the middle of one block and leaves all others alone. */
  static BlockTransform flipByteOf(Cid victim) {
    return (cid, bytes) -> {
      if (!cid.equals(victim) || bytes.length == 0) {
        return bytes;
      }
      byte[] copy = bytes.clone();
      copy[copy.length / 2] ^= 1;
      return copy;
    };
  }
}
