package io.dvault.ledger;

import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one contract on one chain. Every answer is a claim of the endpoint, to be checked by {@link ApprovalVerifier}
 * where it matters. All methods throw {@link LedgerException} when no endpoint answers.
 */
public interface Ledger extends AutoCloseable {
  LedgerRef ref();

  /** keccak256 of the deployed runtime code with its immutables as they are; empty when there is no code. */
  Optional<Bytes32> findCodeHash();

  /** Empty when the vault does not exist. */
  Optional<Head> findHead(VaultId vault);

  /** The governance now in force; throws {@link LedgerException} when the vault does not exist. */
  Governance governance(VaultId vault);

  /** Which of {@code ids} a guardian has revoked. */
  Set<RevocationId> revoked(VaultId vault, Collection<RevocationId> ids);

  /**
   * Everything that guardians revoked up to {@code head}, from its last revocation backwards, each
   * block found by the link
   * before it. Empty when more than {@code most} blocks would have to be asked for, or when no
   * quorum shows one of them;
   * {@link #revoked} can tell then.
   */
  Optional<Set<RevocationId>> findRevocations(Head head, int most);

  /**
   * The commit made in block {@code committedAt}: from its log or, when the endpoint drops logs, from the calldata of
   * the block's transactions (docs/threat-model.md T2). Empty when the block holds none.
   */
  Optional<LedgerEvent.Committed> findCommit(VaultId vault, long committedAt);

  /** The governance change (or creation) in block {@code changedAt}. */
  Optional<LedgerEvent> findGovernanceChange(VaultId vault, long changedAt);

  /** Commits from {@code head} backwards, newest first, at most {@code limit}; each fetched by the link before it. */
  List<LedgerEvent.Committed> history(Head head, int limit);

  /** All events of the vault in blocks {@code from} to {@code to}, in chain order. */
  List<LedgerEvent> events(VaultId vault, long from, long to);

  BlockStamp latestBlock();

  /** The newest finalized block; the latest one on chains that do not finalize (a devnet). */
  BlockStamp finalizedBlock();

  @Override
  void close();
}
