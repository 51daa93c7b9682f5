package io.dvault.workflow;

import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockStore;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.desired.VaultSettings;
import io.dvault.gateway.CachingBlockSource;
import io.dvault.gateway.GatewayBlockSource;
import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.VaultId;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The chain and the blocks of one vault, opened as they are needed and closed together. */
public final class VaultConnection implements AutoCloseable {
  private static final long MOST_CACHED = 512L << 20;

  private final VaultSettings settings;
  private final EndpointSettings endpoints;
  private final EvmLedger ledger;
  private final VaultId vault;
  private final List<BlockStore> stores = new ArrayList<>();
  private final Map<String, BlockSource> gateways = new LinkedHashMap<>();
  private Optional<Path> cache = Optional.empty();

  private VaultConnection(
      VaultSettings settings, EndpointSettings endpoints, EvmLedger ledger, VaultId vault) {
    this.settings = settings;
    this.endpoints = endpoints;
    this.ledger = ledger;
    this.vault = vault;
  }

  /** Does no I/O; DV730 when the vault was not created on a chain yet. */
  public static VaultConnection open(VaultSettings settings) {
    if (settings.id().isEmpty() || settings.contract().isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
              "DV730",
              "the vault is not on a chain yet",
              "spec.id or spec.chain.contract is missing.",
              "Run `dvault init`: it creates the vault and writes both.")
          .at(settings.position()));
    }
    EndpointSettings endpoints = new EndpointSettings(settings.rpc(), 1);
    LedgerRef ref = new LedgerRef(settings.chainId(), settings.contract().get());
    return new VaultConnection(
        settings, endpoints, EvmLedger.open(endpoints, ref), settings.id().get());
  }

  /** The same, keeping blocks of gateways where this user's dVault keeps what it may forget. */
  public VaultConnection keeping(UserCache kept) {
    cache = kept.folder("blocks");
    return this;
  }

  EndpointSettings endpoints() {
    return endpoints;
  }

  public EvmLedger evm() {
    return ledger;
  }

  public Ledger ledger() {
    return ledger;
  }

  public VaultId vault() {
    return vault;
  }

  /** The head now; DV310 when the chain does not know the vault. */
  public Head head() {
    return ledger
        .findHead(vault)
        .orElseThrow(() -> new DiagnosticException(Diagnostic.error(
                "DV310",
                "there is no such vault on this chain",
                "No vault 0x" + vault + " at contract "
                    + EvmKeys.checksummed(ledger.ref().contract()) + " on chain "
                    + settings.chainId() + ".",
                "Check spec.id and spec.chain. A devnet restarted without --state has no vaults.")
            .at(settings.position())));
  }

  /** Every store of {@code blocks.publish}, opened. */
  synchronized List<BlockStore> stores() {
    if (stores.isEmpty()) {
      settings.publish().forEach(target -> stores.add(target.opener().open()));
    }
    return List.copyOf(stores);
  }

  /** Every gateway alone, by its URL. */
  synchronized Map<String, BlockSource> gateways() {
    if (gateways.isEmpty()) {
      for (URI url : settings.gateways()) {
        gateways.put(url.toString(), new GatewayBlockSource(List.of(url)));
      }
    }
    return new LinkedHashMap<>(gateways);
  }

  /**
   * Blocks from wherever they are: the stores first, which are near, then the gateways. What a gateway gave is kept on
   * disk and hashed at each read, so that it is fetched once.
   */
  public BlockSource blocks() {
    BlockSource far = firstOf(List.copyOf(gateways().values()));
    List<BlockSource> sources = new ArrayList<>(stores());
    sources.add(cache
        .<BlockSource>map(folder -> new CachingBlockSource(far, folder, MOST_CACHED))
        .orElse(far));
    return firstOf(sources);
  }

  private static BlockSource firstOf(List<BlockSource> sources) {
    return cid -> {
      List<String> attempts = new ArrayList<>();
      for (BlockSource source : sources) {
        try {
          return source.get(cid);
        } catch (BlockUnavailableException e) {
          attempts.addAll(e.attempts());
        }
      }
      throw new BlockUnavailableException(cid, attempts);
    };
  }

  @Override
  public void close() {
    ledger.close();
    stores.forEach(BlockStore::close);
    gateways.values().forEach(gateway -> {
      if (gateway instanceof GatewayBlockSource http) {
        http.close();
      }
    });
  }
}
