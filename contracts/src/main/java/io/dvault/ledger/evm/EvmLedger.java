package io.dvault.ledger.evm;

import io.dvault.http.BoundedHttpClient;
import io.dvault.json.Json;
import io.dvault.ledger.BlockStamp;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.Governance;
import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.LedgerException;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the contract at one address through k of n JSON-RPC endpoints. Opening does no I/O; every read checks the
 * chain id of the endpoint that answers. Safe for use by several threads.
 */
public final class EvmLedger implements Ledger {
  private final LedgerRef ref;
  private final BoundedHttpClient http;
  private final Quorum quorum;

  private EvmLedger(EndpointSettings settings, LedgerRef ref) {
    this.ref = ref;
    this.http = new BoundedHttpClient(settings.timeout());
    this.quorum = new Quorum(
        settings.rpc().stream()
            .map(url -> new ChainReader(new JsonRpc(url, settings.timeout(), http), ref))
            .toList(),
        settings.quorum());
  }

  public static EvmLedger open(EndpointSettings settings, LedgerRef ref) {
    return new EvmLedger(settings, ref);
  }

  /** The chain id that the first endpoint with an answer tells: for {@code init}, which does not know it yet. */
  public static long chainId(EndpointSettings settings) {
    try (Failover rpc = Failover.of(settings)) {
      String answer = rpc.call("eth_chainId").asText();
      try {
        return Hex.parseQuantity(answer);
      } catch (Json.MalformedAnswer e) {
        throw new LedgerException(
            rpc.name() + " answered something unexpected: " + e.getMessage() + ".");
      }
    }
  }

  /** What endpoints said against the quorum since a head was last asked for, that included; empty when all agreed. */
  public List<Disagreement> disagreements() {
    return quorum.disagreements();
  }

  /** O12: whether the code on chain is what the published source compiles to, immutables aside. */
  public boolean codeMatchesSource() {
    ContractArtifact artifact = ContractArtifact.load();
    return quorum.agreed(
        "the contract's code",
        reader -> reader.findCode().map(code -> artifact.matches(code, ref)).orElse(false));
  }

  /** The chain's time now, also when nothing has happened on it for long: what an endpoint would stamp a block with. */
  public Instant now() {
    return quorum.any(ChainReader::pendingTime);
  }

  /** How often the vault was frozen: part of what approvers of an unfreeze sign. */
  public long freezes(VaultId vault) {
    return quorum.agreed(
        "the number of freezes",
        reader -> reader
            .headState(vault, ChainReader.LATEST)
            .map(AbiTypes.HeadState::freezes)
            .orElse(0L));
  }

  /** ERC-1271: whether the contract {@code signer} says that {@code signature} is its own. */
  boolean acceptsSignature(EvmAddress signer, Bytes32 digest, byte[] signature) {
    return quorum.agreed(
        "a contract's signature", reader -> reader.acceptsSignature(signer, digest, signature));
  }

  @Override
  public LedgerRef ref() {
    return ref;
  }

  @Override
  public Optional<Bytes32> findCodeHash() {
    return quorum.agreed("the contract's code", ChainReader::findCodeHash);
  }

  @Override
  public Optional<Head> findHead(VaultId vault) {
    return quorum.head(vault);
  }

  @Override
  public Governance governance(VaultId vault) {
    return quorum.agreed("the governance", reader -> reader.governance(vault));
  }

  @Override
  public Set<RevocationId> revoked(VaultId vault, Collection<RevocationId> ids) {
    List<RevocationId> distinct = ids.stream().distinct().toList();
    return distinct.isEmpty() ? Set.of() : quorum.revoked(vault, distinct);
  }

  @Override
  public Optional<Set<RevocationId>> findRevocations(Head head, int most) {
    if (head.revokedAt() == 0) {
      return Optional.of(Set.of());
    }
    try {
      return quorum.agreed(
          "the revocations", reader -> new HistoryReader(reader).findRevocations(head, most));
    } catch (LedgerException e) {
      return Optional.empty(); // logs are not to be had from everyone; the contract's own answer is
    }
  }

  @Override
  public Optional<LedgerEvent.Committed> findCommit(VaultId vault, long committedAt) {
    return quorum.agreed(
        "the commit in block " + committedAt,
        reader -> new HistoryReader(reader).findCommit(vault, committedAt));
  }

  @Override
  public Optional<LedgerEvent> findGovernanceChange(VaultId vault, long changedAt) {
    return quorum.agreed(
        "the governance change in block " + changedAt,
        reader -> new HistoryReader(reader).findGovernanceChange(vault, changedAt));
  }

  @Override
  public List<LedgerEvent.Committed> history(Head head, int limit) {
    return quorum.agreed("the history", reader -> new HistoryReader(reader).history(head, limit));
  }

  @Override
  public List<LedgerEvent> events(VaultId vault, long from, long to) {
    return quorum.agreed(
        "the events of blocks " + from + " to " + to,
        reader -> new HistoryReader(reader).events(vault, from, to));
  }

  @Override
  public BlockStamp latestBlock() {
    return quorum.block(ChainReader::latestBlock);
  }

  @Override
  public BlockStamp finalizedBlock() {
    return quorum.block(ChainReader::finalizedBlock);
  }

  @Override
  public void close() {
    http.close();
  }
}
