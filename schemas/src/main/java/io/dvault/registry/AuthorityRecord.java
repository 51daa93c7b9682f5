package io.dvault.registry;

import java.time.Instant;
import java.util.Arrays;

/**
 * One generation of an authority.
 *
 * @param kind {@code ssh} or {@code x509}
 * @param publicPart ssh: the OpenSSH public key blob (RFC 4253 6.6); x509: the DER certificate
 */
public record AuthorityRecord(
    long generation, String kind, byte[] publicPart, AuthorityStatus status, Instant since) {
  public AuthorityRecord {
    publicPart = publicPart.clone();
  }

  @Override
  public byte[] publicPart() {
    return publicPart.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AuthorityRecord that
        && generation == that.generation
        && kind.equals(that.kind)
        && Arrays.equals(publicPart, that.publicPart)
        && status == that.status
        && since.equals(that.since);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(publicPart);
  }
}
