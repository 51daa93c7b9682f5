package io.dvault.spi;

import io.dvault.cbor.CborValue.CborMap;

/**
 * What was issued.
 *
 * @param material for the device alone; secrets
 * @param publicPart key, certificate, or empty: readable by whoever has the repository
 */
public record Issued(CborMap material, byte[] publicPart) {
  @Override
  public String toString() {
    return "Issued(material (sensitive))";
  }
}
