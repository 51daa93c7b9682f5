package io.dvault.registry;

/** The life of one generation of an authority. */
public enum AuthorityStatus {
  PREPARED,
  ACTIVE,
  TAINTED,
  REVOKED
}
