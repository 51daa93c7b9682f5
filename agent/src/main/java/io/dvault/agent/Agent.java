package io.dvault.agent;

import io.dvault.agent.AgentConfig.SessionEnd;
import io.dvault.bundle.Identity;
import io.dvault.cbor.Cid;
import io.dvault.converge.Cycle;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.disk.Checkpoint;
import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import io.dvault.gateway.GatewayBlockSource;
import io.dvault.gateway.GatewayHealth;
import io.dvault.gateway.GatewayLimits;
import io.dvault.gateway.GatewayUrl;
import io.dvault.install.Device;
import io.dvault.install.Problem;
import io.dvault.install.Sessions;
import io.dvault.install.SshSessions;
import io.dvault.ledger.Anchor;
import io.dvault.ledger.evm.Disagreement;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.Eip712ApprovalVerifier;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.log.EventLog;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.spi.ExclusiveFile;
import io.dvault.spi.Installer;
import io.dvault.trust.DeviceTime;
import io.dvault.trust.HeadVerifier;
import io.dvault.trust.TrustStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/** An enrolled device with everything opened, under the lock of its state folder: one agent a state folder. */
final class Agent implements AutoCloseable {
  private static final Duration RPC_TIMEOUT = Duration.ofSeconds(10);

  private final ExclusiveFile lock;
  private final Identity identity;
  private final EvmLedger ledger;
  private final Optional<GatewayBlockSource> blocks;
  private final AgentConfig config;
  private final Cycle cycle;
  private final Publisher publisher;
  private final EventWatch.Settings events;
  private final EventLog log;

  private Agent(ExclusiveFile lock, Identity identity, EvmLedger ledger, Optional<GatewayBlockSource> blocks, AgentConfig config,
      Cycle cycle, Publisher publisher, EventWatch.Settings events, EventLog log) {
    this.lock = lock;
    this.identity = identity;
    this.ledger = ledger;
    this.blocks = blocks;
    this.config = config;
    this.cycle = cycle;
    this.publisher = publisher;
    this.events = events;
    this.log = log;
  }

  static Agent open(Layout own, Clock clock, EventLog log, Checkpoint checkpoint) throws IOException {
    Enrolment.requireDone(own);
    AgentConfig config = AgentYaml.read(own);
    Layout layout = new Layout(own.root(), config.root().orElse(own.root()));
    ExclusiveFile lock = lock(layout);
    try {
      return open(layout, config, lock, clock, log, checkpoint);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static Agent open(
      Layout layout, AgentConfig config, ExclusiveFile lock, Clock clock, EventLog log, Checkpoint checkpoint)
      throws IOException {
    Anchor anchor = AnchorFile.pinned(layout.anchor());
    DurableFiles files = new DurableFiles(checkpoint);
    TrustStore store = new TrustStore(layout.trust(), files);
    if (!store.read().isOf(anchor)) {
      throw new DiagnosticException(Diagnostic.error("DV520", "the anchor is not the one that was pinned",
          layout.anchor() + " was changed after this device enrolled.", "Restore it, or enrol again under another --root."));
    }
    List<String> rpc = config.rpc().isEmpty() ? anchor.rpc() : config.rpc();
    int quorum = config.quorum().orElse(config.rpc().isEmpty() ? anchor.quorum() : 1);
    if (quorum > rpc.size()) {
      throw new DiagnosticException(Diagnostic.error("DV506", "quorum is more than there are endpoints",
          layout.config() + " says quorum: " + quorum + ", and the anchor names " + rpc.size() + " RPC endpoint"
              + (rpc.size() == 1 ? "." : "s."),
          "Lower it, or list endpoints under rpc."));
    }
    EndpointSettings endpoints = EndpointSettings.parse(rpc, quorum).withTimeout(RPC_TIMEOUT);
    EvmLedger ledger = EvmLedger.open(endpoints, anchor.ref());
    Identity identity = DeviceKeys.identity(layout);
    Optional<GatewayBlockSource> gateways = gateways(config, anchor);
    BlockSource blocks = gateways.isPresent() ? gateways.get() : Agent::noGateway;
    Device device = Device.open(
        layout, config.bounds(), anchor.vault(), sessions(config, layout, log), checkpoint, log);
    Cycle cycle = new Cycle(new Cycle.Parts(layout, store, files, device, identity, ledger,
        new HeadVerifier(new Eip712ApprovalVerifier()), blocks, installers(),
        new DeviceTime(clock, System::nanoTime), System::nanoTime, log));
    Publisher publisher = new Publisher(layout, anchor, identity.recipient().deviceId(), DeviceKeys.signer(layout),
        config, files, log, () -> network(rpc.size(), ledger, gateways, clock));
    EventWatch.Settings events = new EventWatch.Settings(config.eventsFrom().orElseGet(endpoints::sockets),
        config.eventsFrom().isPresent(), quorum, anchor.ref(), anchor.vault());
    return new Agent(lock, identity, ledger, gateways, config, cycle, publisher, events, log);
  }

  private static Publisher.Network network(int rpc, EvmLedger ledger, Optional<GatewayBlockSource> blocks, Clock clock) {
    List<Problem> faults = new ArrayList<>();
    if (rpc > 1) { // the fault of the only one is the look's own
      ledger.disagreements().forEach(each -> faults.add(Problem.of("DV563", each.endpoint(), each.what())));
    }
    List<GatewayHealth> gateways = blocks.map(GatewayBlockSource::health).orElse(List.of());
    gateways.forEach(each -> each.lastFault().filter(fault -> !each.isGood(clock.instant()))
        .ifPresent(fault -> faults.add(Problem.of("DV562", each.gateway().toString(), fault))));
    int rpcGood = rpc - (int) ledger.disagreements().stream().map(Disagreement::endpoint).distinct().count();
    int gatewaysGood = (int) gateways.stream().filter(each -> each.isGood(clock.instant())).count();
    return new Publisher.Network(rpcGood, rpc, gatewaysGood, gateways.size(), faults);
  }

  private static ExclusiveFile lock(Layout layout) throws IOException {
    return ExclusiveFile.tryOpen(layout.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
        .orElseThrow(() -> otherAgent(layout));
  }

  private static DiagnosticException otherAgent(Layout layout) {
    return new DiagnosticException(Diagnostic.error("DV503", "another agent runs here",
        "It holds " + layout.lock() + ".", "Use `dvault-agent status`, or stop it first."));
  }

  private static Optional<GatewayBlockSource> gateways(AgentConfig config, Anchor anchor) {
    List<URI> all = new ArrayList<>(config.gateways());
    anchor.gateways().forEach(each -> all.add(GatewayUrl.parse(each)));
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(new GatewayBlockSource(all, GatewayLimits.DEFAULT, Clock.systemUTC(), System::nanoTime));
  }

  /** Without a gateway nothing new comes, but what ends still has to end. */
  private static Block noGateway(Cid cid) {
    throw new BlockUnavailableException(cid, List.of("neither agent.yaml nor the anchor names a gateway"));
  }

  private static List<Installer> installers() {
    return ServiceLoader.load(Installer.class).stream().map(ServiceLoader.Provider::get).toList();
  }

  private static Sessions sessions(AgentConfig config, Layout layout, EventLog log) {
    return config.sessionEnd() == SessionEnd.NEVER
        ? Sessions.NEVER
        : new SshSessions(Path.of("/proc"), account -> users(account, config, layout),
            config.sessionEnd() == SessionEnd.ACCOUNT, log);
  }

  /** The system's user of that name; where there is none (a rehearsal under a root folder), who owns the key file's folder. */
  private static Set<String> users(String account, AgentConfig config, Layout layout) {
    Set<String> users = new HashSet<>();
    try {
      users.add(FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(account).getName());
      return users;
    } catch (IOException e) {
      users.clear(); // no such user
    }
    try {
      Path folder = layout.onDevice(config.bounds().accounts().getOrDefault(account, "/")).getParent();
      users.add(Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName());
    } catch (IOException e) {
      users.clear();
    }
    return users;
  }

  AgentConfig config() {
    return config;
  }

  EventWatch.Settings events() {
    return events;
  }

  Cycle cycle() {
    return cycle;
  }

  Publisher publisher() {
    return publisher;
  }

  EventLog log() {
    return log;
  }

  @Override
  public void close() throws IOException {
    blocks.ifPresent(GatewayBlockSource::close);
    ledger.close();
    identity.close();
    lock.close();
  }
}
