package io.dvault.plan;

import io.dvault.model.AuthorityId;
import io.dvault.registry.AuthorityStatus;
import java.util.Arrays;
import java.util.Optional;

/**
 * A step in the life of one generation of an authority.
 *
 * @param name empty when the registry lists it and the repository does not
 * @param from empty when the registry does not list it yet
 */
public record AuthorityChange(
    AuthorityId id,
    Optional<String> name,
    String type,
    long generation,
    byte[] publicPart,
    Optional<AuthorityStatus> from,
    AuthorityStatus to) {
  public AuthorityChange {
    publicPart = publicPart.clone();
  }

  @Override
  public byte[] publicPart() {
    return publicPart.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AuthorityChange that
        && id.equals(that.id)
        && name.equals(that.name)
        && type.equals(that.type)
        && generation == that.generation
        && Arrays.equals(publicPart, that.publicPart)
        && from.equals(that.from)
        && to == that.to;
  }

  @Override
  public int hashCode() {
    return 31 * id.hashCode() + Long.hashCode(generation);
  }
}
