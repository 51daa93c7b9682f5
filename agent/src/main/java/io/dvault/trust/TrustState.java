package io.dvault.trust;

import io.dvault.ledger.Anchor;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that a device remembers of whom to believe.
 *
 * @param governances by version: those that were reached from the pinned one by approvals, the latest few
 * @param epoch the highest that was followed, 0 before the first
 * @param root that epoch's, zero at epoch 0
 * @param notAfter until when that head is fresh, as approved
 * @param floor time is never earlier than this
 * @param revoked what guardians revoked, of entries that this device was given
 */
public record TrustState(
    VaultId vault,
    LedgerRef ref,
    Bytes32 codeHash,
    SortedMap<Long, Governance> governances,
    long epoch,
    Bytes32 root,
    Instant notAfter,
    Instant floor,
    Set<RevocationId> revoked) {
  static final int MAX_GOVERNANCES = 8;
  static final int MAX_REVOKED = 10_000;

  public TrustState {
    TreeMap<Long, Governance> latest = new TreeMap<>(governances);
    while (latest.size() > MAX_GOVERNANCES) {
      latest.pollFirstEntry();
    }
    governances = Collections.unmodifiableSortedMap(latest);
    revoked = Collections.unmodifiableSet(new TreeSet<>(revoked));
  }

  /** What a device believes right after it enrolled. */
  public static TrustState pinned(Anchor anchor, Instant floor) {
    TreeMap<Long, Governance> governances = new TreeMap<>();
    governances.put(anchor.governanceVersion(), anchor.governance());
    return new TrustState(
        anchor.vault(),
        anchor.ref(),
        anchor.codeHash(),
        governances,
        0,
        Bytes32.ZERO,
        Instant.EPOCH,
        floor,
        Set.of());
  }

  /** Whether this is what {@code anchor} pins: chain, contract, code and vault. */
  public boolean isOf(Anchor anchor) {
    return vault.equals(anchor.vault())
        && ref.equals(anchor.ref())
        && codeHash.equals(anchor.codeHash());
  }

  public long governanceVersion() {
    return governances.lastKey();
  }

  public Optional<Governance> findGovernance(long version) {
    return Optional.ofNullable(governances.get(version));
  }

  TrustState withGovernance(long version, Governance governance) {
    TreeMap<Long, Governance> more = new TreeMap<>(governances);
    more.put(version, governance);
    return new TrustState(vault, ref, codeHash, more, epoch, root, notAfter, floor, revoked);
  }

  TrustState following(long nextEpoch, Bytes32 nextRoot, Instant nextNotAfter) {
    return new TrustState(
        vault, ref, codeHash, governances, nextEpoch, nextRoot, nextNotAfter, floor, revoked);
  }

  /** The floor never goes back. */
  public TrustState notBefore(Instant time) {
    return time.isAfter(floor)
        ? new TrustState(vault, ref, codeHash, governances, epoch, root, notAfter, time, revoked)
        : this;
  }

  /** Whether nothing else than the floor moved. */
  public boolean differsOnlyInTime(TrustState other) {
    return notBefore(other.floor).equals(other.notBefore(floor));
  }

  /** Remembers {@code ids} as revoked, and of those before only what {@code relevant} still names. */
  public TrustState revoking(Set<RevocationId> ids, Set<RevocationId> relevant) {
    TreeSet<RevocationId> all = new TreeSet<>(revoked);
    all.addAll(ids);
    all.retainAll(relevant);
    return all.equals(revoked)
        ? this
        : new TrustState(vault, ref, codeHash, governances, epoch, root, notAfter, floor, all);
  }
}
