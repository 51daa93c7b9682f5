package io.dvault.ledger;

import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.time.Instant;
import java.util.Arrays;

/**
 * The next head that approvers sign (EIP-712 {@code Commit}) and the contract moves to.
 *
 * @param epoch the new epoch, one more than the head's
 * @param prevRoot digest of the root before, zero at epoch 1
 * @param root digest of the new root block (sha2-256, dag-cbor)
 * @param shards bit i is set when the devices map changed below first-level slot i; 32 bytes, big-endian number
 * @param notAfter until when agents take the head for fresh
 * @param acts dag-cbor, at most 1,024 bytes: the public summary
 */
public record Commit(
    VaultId vault,
    long epoch,
    Bytes32 prevRoot,
    Bytes32 root,
    Bytes32 shards,
    Instant notAfter,
    byte[] acts,
    long governanceVersion) {
  public static final int MAX_ACTS = 1024;

  public Commit {
    acts = acts.clone();
    if (acts.length > MAX_ACTS) {
      throw new IllegalArgumentException(
          "acts have at most " + MAX_ACTS + " bytes, got " + acts.length);
    }
  }

  @Override
  public byte[] acts() {
    return acts.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Commit that
        && vault.equals(that.vault)
        && epoch == that.epoch
        && prevRoot.equals(that.prevRoot)
        && root.equals(that.root)
        && shards.equals(that.shards)
        && notAfter.equals(that.notAfter)
        && Arrays.equals(acts, that.acts)
        && governanceVersion == that.governanceVersion;
  }

  @Override
  public int hashCode() {
    return 31 * root.hashCode() + Long.hashCode(epoch);
  }
}
