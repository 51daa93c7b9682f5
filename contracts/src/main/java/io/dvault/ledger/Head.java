package io.dvault.ledger;

import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.time.Instant;

/**
 * What the contract holds for a vault.
 *
 * @param epoch 0 when nothing was committed yet; then root is zero
 * @param committedAt number of the block with the last commit, 0 when there is none
 * @param governanceChangedAt number of the block with the last governance change (or the creation)
 * @param revokedAt number of the block with the last act of a guardian that revoked something, 0 when there is none
 * @param readAt the block at which this was read
 */
public record Head(
    VaultId vault,
    long epoch,
    Bytes32 root,
    Instant notAfter,
    long governanceVersion,
    boolean frozen,
    long committedAt,
    long governanceChangedAt,
    long revokedAt,
    BlockStamp readAt) {
  /** The same head with another last revocation. */
  public Head withRevokedAt(long block) {
    return new Head(
        vault,
        epoch,
        root,
        notAfter,
        governanceVersion,
        frozen,
        committedAt,
        governanceChangedAt,
        block,
        readAt);
  }
}
