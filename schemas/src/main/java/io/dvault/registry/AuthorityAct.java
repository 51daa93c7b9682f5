package io.dvault.registry;

import io.dvault.model.AuthorityId;
import java.util.Comparator;

/** One thing that a commit did to one generation of an authority. */
public record AuthorityAct(AuthorityId authority, long generation, AuthorityAction action)
    implements Comparable<AuthorityAct> {
  private static final Comparator<AuthorityAct> ORDER =
      Comparator.comparing(AuthorityAct::authority).thenComparing(AuthorityAct::generation);

  @Override
  public int compareTo(AuthorityAct other) {
    return ORDER.compare(this, other);
  }
}
