package io.dvault.agent;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.disk.Layout;
import io.dvault.gateway.GatewayBlockSource;
import io.dvault.gateway.GatewayHealth;
import io.dvault.gateway.GatewayLimits;
import io.dvault.gateway.GatewayUrl;
import io.dvault.install.Problem;
import io.dvault.ledger.Anchor;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.evm.Disagreement;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the agent reaches over the network: the chain by RPC endpoints, blocks by gateways. Opening asks nobody. */
final class Endpoints implements AutoCloseable {
  private static final Duration RPC_TIMEOUT = Duration.ofSeconds(10);

  private final int rpc;
  private final EvmLedger ledger;
  private final Optional<GatewayBlockSource> gateways;
  private final EventWatch.Settings events;
  private final Clock clock;

  private Endpoints(
      EndpointSettings settings,
      Optional<GatewayBlockSource> gateways,
      AgentConfig config,
      Anchor anchor,
      Clock clock) {
    this.rpc = settings.rpc().size();
    this.ledger = EvmLedger.open(settings, anchor.ref());
    this.gateways = gateways;
    this.events = new EventWatch.Settings(
        config.eventsFrom().orElseGet(settings::sockets),
        config.eventsFrom().isPresent(),
        settings.quorum(),
        anchor.ref(),
        anchor.vault());
    this.clock = clock;
  }

  /** Those that {@code config} names, else the anchor's; gateways of both. */
  static Endpoints open(AgentConfig config, Anchor anchor, Layout layout, Clock clock) {
    List<String> rpc = config.rpc().isEmpty() ? anchor.rpc() : config.rpc();
    int quorum = config.quorum().orElse(config.rpc().isEmpty() ? anchor.quorum() : 1);
    if (quorum > rpc.size()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV506",
          "quorum is more than there are endpoints",
          layout.config() + " says quorum: " + quorum + ", and the anchor names " + rpc.size()
              + " RPC endpoint" + (rpc.size() == 1 ? "." : "s."),
          "Lower it, or list endpoints under rpc."));
    }
    EndpointSettings settings = EndpointSettings.parse(rpc, quorum).withTimeout(RPC_TIMEOUT);
    return new Endpoints(settings, gateways(config, anchor), config, anchor, clock);
  }

  private static Optional<GatewayBlockSource> gateways(AgentConfig config, Anchor anchor) {
    List<URI> all = new ArrayList<>(config.gateways());
    anchor.gateways().forEach(each -> all.add(GatewayUrl.parse(each)));
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(new GatewayBlockSource(all, GatewayLimits.DEFAULT, Clock.systemUTC()));
  }

  Ledger ledger() {
    return ledger;
  }

  BlockSource blocks() {
    return gateways.isPresent() ? gateways.get() : Endpoints::noGateway;
  }

  /** Without a gateway nothing new comes, but what ends still has to end. */
  private static Block noGateway(Cid cid) {
    throw new BlockUnavailableException(
        cid, List.of("neither agent.yaml nor the anchor names a gateway"));
  }

  EventWatch.Settings events() {
    return events;
  }

  /** Who gave good answers lately. */
  Publisher.Network health() {
    List<Problem> faults = new ArrayList<>();
    if (rpc > 1) { // the fault of the only one is the look's own
      ledger
          .disagreements()
          .forEach(each -> faults.add(Problem.of("DV563", each.endpoint(), each.what())));
    }
    List<GatewayHealth> each = gateways.map(GatewayBlockSource::health).orElse(List.of());
    each.forEach(one -> one.lastFault()
        .filter(fault -> !one.isGood(clock.instant()))
        .ifPresent(fault -> faults.add(Problem.of("DV562", one.gateway().toString(), fault))));
    int rpcGood = rpc
        - (int) ledger.disagreements().stream()
            .map(Disagreement::endpoint)
            .distinct()
            .count();
    int gatewaysGood =
        (int) each.stream().filter(one -> one.isGood(clock.instant())).count();
    return new Publisher.Network(rpcGood, rpc, gatewaysGood, each.size(), faults);
  }

  @Override
  public void close() {
    gateways.ifPresent(GatewayBlockSource::close);
    ledger.close();
  }
}
