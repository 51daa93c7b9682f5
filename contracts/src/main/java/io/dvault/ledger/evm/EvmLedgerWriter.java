package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.Approval;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerEvent.Committed;
import io.dvault.ledger.LedgerException;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.LedgerWriter;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Sends the transactions of {@link LedgerWriter}; one instance per gas key, used by one thread at a time. */
public final class EvmLedgerWriter implements LedgerWriter {
  /** How many ids the contract takes at once. */
  private static final int MAX_REVOCATIONS = 256;

  private final EvmSigner gas;
  private final LedgerRef ref;
  private final Failover rpc;
  private final ChainReader reader;
  private final HistoryReader history;
  private final TransactionSender sender;

  private EvmLedgerWriter(
      EndpointSettings settings,
      LedgerRef ref,
      EvmSigner gas,
      TransactionSender.Patience patience) {
    this.rpc = Failover.of(settings, ref.chainId());
    this.gas = gas;
    this.ref = ref;
    // Reads through the endpoint that is written to: it knows its own transactions first.
    this.reader = new ChainReader(rpc, ref);
    this.history = new HistoryReader(reader);
    this.sender = new TransactionSender(rpc, ref.chainId(), gas, patience);
  }

  /**
   * Does no I/O. Throws {@link io.dvault.model.DiagnosticException} (DV603) when {@code gas} is a well-known devnet key
   * and the chain is not a local devnet (docs/threat-model.md T37). Closing the writer leaves
   * {@code gas} open.
   */
  public static EvmLedgerWriter open(EndpointSettings settings, LedgerRef ref, EvmSigner gas) {
    return open(settings, ref, gas, TransactionSender.Patience.DEFAULT);
  }

  static EvmLedgerWriter open(
      EndpointSettings settings,
      LedgerRef ref,
      EvmSigner gas,
      TransactionSender.Patience patience) {
    EvmKeys.refuseDevnetKey(gas.address(), ref.chainId(), settings);
    return new EvmLedgerWriter(settings, ref, gas, patience);
  }

  @Override
  public EvmAddress sender() {
    return gas.address();
  }

  @Override
  public VaultId createVault(Bytes32 salt, Governance governance) {
    VaultId vault = Abi.vaultId(gas.address(), salt);
    if (reader.findHead(vault).isEmpty()) {
      try {
        sender.send(Optional.of(ref.contract()), Abi.createVault(salt, governance));
      } catch (Reverted e) {
        if (!e.error().name().equals(ContractError.VAULT_EXISTS)) {
          throw e;
        }
      }
    }
    Governance inForce = reader.governance(vault);
    if (!inForce.equals(governance)) {
      throw new LedgerException(
          "Vault " + vault + " exists already, with another governance: " + inForce.threshold()
              + " of " + inForce.approvers() + ". Choose another salt for a new vault.");
    }
    return vault;
  }

  @Override
  public CommitResult commit(Commit commit, List<Approval> approvals) {
    Head head = head(commit.vault());
    if (head.epoch() >= commit.epoch()) {
      return settled(commit, head);
    }
    try {
      TransactionReceipt receipt =
          sender.send(Optional.of(ref.contract()), Abi.commit(commit, approvals));
      return new CommitResult.Done(committed(commit, receipt.block()), receipt.gasUsed());
    } catch (Reverted e) {
      Head now = head(commit.vault());
      return now.epoch() >= commit.epoch()
          ? settled(commit, now)
          : new CommitResult.Refused(e.error().name(), e.error().detail());
    }
  }

  /** The epoch is taken: by this very commit (an earlier run, or another relayer), or by somebody else's. */
  private CommitResult settled(Commit commit, Head head) {
    if (head.epoch() != commit.epoch() || !head.root().equals(commit.root())) {
      return new CommitResult.Stale(head);
    }
    Committed event = committed(commit, head.committedAt());
    if (!event.commit().equals(commit)) {
      return new CommitResult.Stale(head);
    }
    Json receipt =
        reader.ask("eth_getTransactionReceipt", Json.text(event.origin().transaction()));
    return new CommitResult.Done(
        event, reader.understood(() -> TransactionReceipt.parse(receipt)).gasUsed());
  }

  private Committed committed(Commit commit, long block) {
    return history.commits(commit.vault(), block).stream()
        .filter(event -> event.commit().epoch() == commit.epoch())
        .findFirst()
        .orElseThrow(() -> new LedgerException("Block " + block
            + " does not show the commit of epoch " + commit.epoch()
            + " that was just made in it (asked " + reader.name() + "). Run the command again."));
  }

  @Override
  public void setGovernance(
      VaultId vault, Governance next, List<Approval> approvalsOld, List<Approval> approvalsNew) {
    if (!reader.governance(vault).equals(next)) {
      act(Abi.setGovernance(vault, next, approvalsOld, approvalsNew), vault, head -> false);
    }
  }

  @Override
  public void revoke(VaultId vault, List<RevocationId> ids) {
    Set<RevocationId> done = reader.revoked(vault, ids);
    List<RevocationId> open =
        ids.stream().distinct().filter(id -> !done.contains(id)).toList();
    for (int from = 0; from < open.size(); from += MAX_REVOCATIONS) {
      List<RevocationId> part = open.subList(from, Math.min(open.size(), from + MAX_REVOCATIONS));
      act(Abi.revoke(vault, part), vault, head -> false);
    }
  }

  @Override
  public void freeze(VaultId vault) {
    act(Abi.freeze(vault), vault, Head::frozen);
  }

  @Override
  public void unfreeze(VaultId vault, List<Approval> approvals) {
    act(Abi.unfreeze(vault, approvals), vault, head -> !head.frozen());
  }

  /** Sends unless {@code done} says that the vault is there already: so a rerun changes nothing. */
  private void act(byte[] calldata, VaultId vault, Predicate<Head> done) {
    if (!done.test(head(vault))) {
      sender.send(Optional.of(ref.contract()), calldata);
    }
  }

  private Head head(VaultId vault) {
    return reader
        .findHead(vault)
        .orElseThrow(() -> new LedgerException("There is no vault " + vault + " in contract "
            + EvmKeys.checksummed(ref.contract()) + " on chain " + ref.chainId() + "."));
  }

  @Override
  public void close() {
    rpc.close();
  }
}
