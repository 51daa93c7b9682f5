package io.dvault.config;

import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.VaultId;
import java.util.Optional;

/**
 * Which enrolments were checked before: recipient, signer and proof were found right, and never become wrong. It must
 * be kept where only this user writes, not in the repository, which may come from anyone.
 */
public interface EnrolmentCache {
  /** Remembers nothing. */
  EnrolmentCache NONE = new EnrolmentCache() {
    @Override
    public boolean isEmpty() {
      return true;
    }

    @Override
    public boolean holds(Bytes32 enrolment) {
      return false;
    }

    @Override
    public void add(Bytes32 enrolment) {} // nothing is remembered
  };

  /** Whether none holds: then nobody need find out by what it would be known. */
  boolean isEmpty();

  boolean holds(Bytes32 enrolment);

  /** May be called by many threads. */
  void add(Bytes32 enrolment);

  /** Whether the check may wait; then whoever says so makes it, or knows why none is needed. */
  default boolean defers(UncheckedEnrolment enrolment) {
    return false;
  }

  /** SHA-256 over all that a check depends on. */
  static Bytes32 digest(Optional<VaultId> vault, String name, DeviceId recipient, String signer, String proof) {
    return Bytes32.sha256(String.join("\n", "dvault-enrolment-checked-1", vault.map(VaultId::toString).orElse(""), name,
        recipient.toString(), signer, proof));
  }
}
