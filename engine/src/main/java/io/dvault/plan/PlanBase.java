package io.dvault.plan;

import io.dvault.ledger.EvmAddress;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import io.dvault.registry.GitCommit;

/**
 * What a plan was made from, and holds for alone.
 *
 * @param epoch of the head, 0 before the first commit; then {@code root} is zero
 * @param commit git commit id, empty when the folder is no git repository
 * @param clean whether the work tree's relevant files are those of the commit; false when there is none
 * @param sources SHA-256 over names and contents of all files that were read
 */
public record PlanBase(
    long chainId,
    EvmAddress contract,
    VaultId vault,
    long epoch,
    Bytes32 root,
    String commit,
    boolean clean,
    Bytes32 sources) {

  /** What a tree made from this says of git: never a commit that its files are not. See {@link GitCommit}. */
  public String gitCommit() {
    return GitCommit.text(commit, clean);
  }
}
