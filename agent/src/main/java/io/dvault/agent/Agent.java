package io.dvault.agent;

import io.dvault.agent.AgentConfig.SessionEnd;
import io.dvault.bundle.Identity;
import io.dvault.converge.Cycle;
import io.dvault.disk.Checkpoint;
import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import io.dvault.install.Device;
import io.dvault.install.Sessions;
import io.dvault.install.SshSessions;
import io.dvault.ledger.Anchor;
import io.dvault.ledger.evm.Eip712ApprovalVerifier;
import io.dvault.log.StructuredLog;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.spi.ExclusiveFile;
import io.dvault.spi.Installer;
import io.dvault.trust.DeviceTime;
import io.dvault.trust.HeadVerifier;
import io.dvault.trust.TrustStore;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

/** An enrolled device with everything opened, under the lock of its state folder: one agent a state folder. */
final class Agent implements AutoCloseable {
  private final ExclusiveFile lock;
  private final Identity identity;
  private final Endpoints endpoints;
  private final AgentConfig config;
  private final Cycle cycle;
  private final Publisher publisher;
  private final StructuredLog log;

  private Agent(
      ExclusiveFile lock,
      Identity identity,
      Endpoints endpoints,
      AgentConfig config,
      Cycle cycle,
      Publisher publisher,
      StructuredLog log) {
    this.lock = lock;
    this.identity = identity;
    this.endpoints = endpoints;
    this.config = config;
    this.cycle = cycle;
    this.publisher = publisher;
    this.log = log;
  }

  static Agent open(Layout own, Clock clock, StructuredLog log, Checkpoint checkpoint)
      throws IOException {
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
      Layout layout,
      AgentConfig config,
      ExclusiveFile lock,
      Clock clock,
      StructuredLog log,
      Checkpoint checkpoint)
      throws IOException {
    Anchor anchor = AnchorFile.pinned(layout.anchor());
    DurableFiles files = new DurableFiles(checkpoint);
    TrustStore store = new TrustStore(layout.trust(), files);
    if (!store.read().isOf(anchor)) {
      throw new DiagnosticException(Diagnostic.error(
          "DV520",
          "the anchor is not the one that was pinned",
          layout.anchor() + " was changed after this device enrolled.",
          "Restore it, or enroll again under another --root."));
    }
    Endpoints endpoints = Endpoints.open(config, anchor, layout, clock);
    Identity identity = DeviceKeys.identity(layout);
    Device device = Device.open(
        layout, config.bounds(), anchor.vault(), sessions(config, layout, log), checkpoint, log);
    Cycle cycle = new Cycle(new Cycle.Parts(
        layout,
        store,
        files,
        device,
        identity,
        endpoints.ledger(),
        new HeadVerifier(new Eip712ApprovalVerifier()),
        endpoints.blocks(),
        installers(),
        new DeviceTime(clock, System::nanoTime),
        System::nanoTime,
        log));
    Publisher publisher = new Publisher(
        layout,
        anchor,
        identity.recipient().deviceId(),
        DeviceKeys.signer(layout),
        config,
        files,
        log,
        endpoints::health);
    return new Agent(lock, identity, endpoints, config, cycle, publisher, log);
  }

  private static ExclusiveFile lock(Layout layout) throws IOException {
    return ExclusiveFile.tryOpen(layout.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
        .orElseThrow(() -> otherAgent(layout));
  }

  private static DiagnosticException otherAgent(Layout layout) {
    return new DiagnosticException(Diagnostic.error(
        "DV503",
        "another agent runs here",
        "It holds " + layout.lock() + ".",
        "Use `dvault-agent status`, or stop it first."));
  }

  private static List<Installer> installers() {
    return ServiceLoader.load(Installer.class).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  private static Sessions sessions(AgentConfig config, Layout layout, StructuredLog log) {
    return config.sessionEnd() == SessionEnd.NEVER
        ? Sessions.NEVER
        : new SshSessions(
            Path.of("/proc"),
            account -> users(account, config, layout),
            config.sessionEnd() == SessionEnd.ACCOUNT,
            log);
  }

  /**
   * The system's user of that name; where there is none (a rehearsal under a root folder), who owns
   * the key file's folder.
   */
  private static Set<String> users(String account, AgentConfig config, Layout layout) {
    Set<String> users = new HashSet<>();
    try {
      users.add(FileSystems.getDefault()
          .getUserPrincipalLookupService()
          .lookupPrincipalByName(account)
          .getName());
      return users;
    } catch (IOException e) {
      users.clear(); // no such user
    }
    try {
      Path folder =
          layout.onDevice(config.bounds().accounts().getOrDefault(account, "/")).getParent();
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
    return endpoints.events();
  }

  Cycle cycle() {
    return cycle;
  }

  Publisher publisher() {
    return publisher;
  }

  StructuredLog log() {
    return log;
  }

  @Override
  public void close() throws IOException {
    endpoints.close();
    publisher.close();
    identity.close();
    lock.close();
  }
}
