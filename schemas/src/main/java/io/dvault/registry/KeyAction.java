package io.dvault.registry;

import java.util.Optional;

/** What a commit did to an entry, as the public summary counts it. */
public enum KeyAction {
  /** Active, and was not there or was revoked. */
  ISSUE,
  /** Active, was active, and is not the same. */
  ROTATE,
  /** Revoked, and was not there, was active, or was revoked otherwise. */
  REVOKE,
  /** No longer listed. */
  REMOVE;

  static KeyAction of(Optional<EntryRecord> before, EntryRecord after) {
    if (after.status() != EntryStatus.ACTIVE) {
      return REVOKE;
    }
    return before.filter(entry -> entry.status() == EntryStatus.ACTIVE).isPresent()
        ? ROTATE
        : ISSUE;
  }
}
