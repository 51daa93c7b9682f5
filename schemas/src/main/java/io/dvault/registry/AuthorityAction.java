package io.dvault.registry;

/** What a commit did to one generation of an authority: the status it came to, or how it was changed otherwise. */
public enum AuthorityAction {
  PREPARE,
  ACTIVATE,
  TAINT,
  REVOKE,
  /** Same status, other key, kind or date. */
  REPLACE,
  /** No longer listed. */
  REMOVE;

  /** What brings a generation to {@code status}. */
  public static AuthorityAction to(AuthorityStatus status) {
    return switch (status) {
      case PREPARED -> PREPARE;
      case ACTIVE -> ACTIVATE;
      case TAINTED -> TAINT;
      case REVOKED -> REVOKE;
    };
  }
}
