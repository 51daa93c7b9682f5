package io.dvault.spi;

import java.util.Arrays;

/**
 * A declared authority with one of its generations: that which signs now, unless something else is said.
 *
 * @param publicPart ssh: the OpenSSH public key blob; tls: the DER certificate
 */
public record AuthorityView(String name, String type, long generation, byte[] publicPart) {
  public AuthorityView {
    publicPart = publicPart.clone();
  }

  @Override
  public byte[] publicPart() {
    return publicPart.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AuthorityView that
        && name.equals(that.name)
        && type.equals(that.type)
        && generation == that.generation
        && Arrays.equals(publicPart, that.publicPart);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
