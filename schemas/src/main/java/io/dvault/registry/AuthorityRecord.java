package io.dvault.registry;

import java.time.Instant;
import java.util.Arrays;

/**
 * One generation of an authority.
 *
 * @param kind its type, a plugin's word: {@code ssh}, {@code tls}
 * @param publicPart what its signatures are checked against, as the type has it. ssh: the
 *     OpenSSH public key blob (RFC 4253
 *     6.6); tls: the DER certificate (RFC 5280)
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
