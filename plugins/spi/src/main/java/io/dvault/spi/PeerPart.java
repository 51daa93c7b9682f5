package io.dvault.spi;

import java.time.Instant;
import java.util.Arrays;

/**
 * The public part of one generation of a peer, and until when it may be used: whoever carries it on
 * must not let it live
 * longer.
 */
public record PeerPart(byte[] publicPart, Instant notAfter) {
  public PeerPart {
    publicPart = publicPart.clone();
  }

  @Override
  public byte[] publicPart() {
    return publicPart.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PeerPart that
        && Arrays.equals(publicPart, that.publicPart)
        && notAfter.equals(that.notAfter);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(publicPart);
  }
}
