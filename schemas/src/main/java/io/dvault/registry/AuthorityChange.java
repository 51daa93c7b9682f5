package io.dvault.registry;

import io.dvault.model.AuthorityId;
import java.util.Optional;

/** One generation of an authority that two trees do not hold alike; empty where it is not listed. */
public record AuthorityChange(
    AuthorityId authority,
    long generation,
    Optional<AuthorityRecord> before,
    Optional<AuthorityRecord> after) {

  /** What the public summary says of it. */
  public AuthorityAct act() {
    return new AuthorityAct(authority, generation, action());
  }

  private AuthorityAction action() {
    if (after.isEmpty()) {
      return AuthorityAction.REMOVE;
    }
    AuthorityStatus status = after.get().status();
    boolean sameStatus = before.filter(record -> record.status() == status).isPresent();
    return sameStatus ? AuthorityAction.REPLACE : AuthorityAction.to(status);
  }
}
