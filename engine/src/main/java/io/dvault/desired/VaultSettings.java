package io.dvault.desired;

import io.dvault.ledger.EvmAddress;
import io.dvault.model.SourcePosition;
import io.dvault.model.VaultId;
import io.dvault.model.VaultSalt;
import io.dvault.spi.BlockStoreProvider;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code vault.yaml}.
 *
 * @param id empty until {@code dvault init} has created the vault on chain
 * @param contract empty until then too
 * @param rpc JSON-RPC endpoints, at least one
 * @param publish where {@code apply} puts new blocks, in this order
 * @param gateways trustless gateways that devices, and read-back, fetch from
 * @param pollInterval how often agents look ({@code agents.poll})
 * @param freshFor how long a head counts as fresh after its commit ({@code head.fresh})
 */
public record VaultSettings(
    String name,
    Optional<VaultId> id,
    VaultSalt salt,
    long chainId,
    Optional<EvmAddress> contract,
    List<URI> rpc,
    List<PublishTarget> publish,
    List<URI> gateways,
    DeclaredGovernance governance,
    List<Admin> admins,
    Duration pollInterval,
    Duration freshFor,
    SourcePosition position) {
  public VaultSettings {
    rpc = List.copyOf(rpc);
    publish = List.copyOf(publish);
    gateways = List.copyOf(gateways);
    admins = List.copyOf(admins);
  }

  /** One line of {@code blocks.publish}, configured but not opened. */
  public record PublishTarget(String store, BlockStoreProvider.Opener opener) {}

  /** Who holds authority keys: an age recipient that they are sealed to. */
  public record Admin(String name, String recipient) {}

  /** A person or service with an address on chain. */
  public record Party(String name, EvmAddress address) {}

  /** What the YAML says of governance; the chain has the last word. */
  public record DeclaredGovernance(
      int threshold, List<Party> approvers, List<Party> guardians, Duration unfreezeDelay) {
    public DeclaredGovernance {
      approvers = List.copyOf(approvers);
      guardians = List.copyOf(guardians);
    }
  }
}
