package io.dvault.registry;

/**
 * Whether an entry may be used. Revoked entries stay listed, so that no revert of git brings them back. A banned one
 * was revoked as compromised: neither does its public key come back, under whatever name
 * (docs/requirements.md S8).
 */
public enum EntryStatus {
  ACTIVE,
  REVOKED,
  BANNED
}
