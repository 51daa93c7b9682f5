package io.dvault.apply;

import io.dvault.bundle.Identity;
import io.dvault.cbor.Cid;
import io.dvault.config.ConfigReader;
import io.dvault.config.Plugins;
import io.dvault.config.TestVault;
import io.dvault.dag.MemoryBlockStore;
import io.dvault.desired.DesiredState;
import io.dvault.git.VaultRepository;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.LedgerWriter;
import io.dvault.ledger.evm.Eip712ApprovalVerifier;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.ledger.evm.EvmLedgerWriter;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.Bytes32;
import io.dvault.model.DiagnosticException;
import io.dvault.model.VaultId;
import io.dvault.plan.Plan;
import io.dvault.plan.PlanBase;
import io.dvault.plan.PlanInput;
import io.dvault.plan.PlanOptions;
import io.dvault.plan.Planner;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.Registry;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.TypicalSize;
import io.dvault.yaml.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A vault on a real chain, with blocks in memory and one device whose identity the test holds. */
final class ApplyVault implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  final Path folder;
  final VaultFixture fixture;
  final VaultId id;
  final EvmLedger ledger;
  final Identity device = Identity.generate(RANDOM);
  final MemoryBlockStore blocks = new MemoryBlockStore();

  private ApplyVault(Path folder, int threshold) throws IOException {
    this.folder = folder;
    this.fixture = VaultFixture.start(threshold, 2);
    this.id = fixture.vault();
    this.ledger = fixture.ledger();
    writeFiles();
  }

  static ApplyVault create(Path folder, int threshold) throws IOException {
    return new ApplyVault(folder, threshold);
  }

  /** The one who applies. */
  EvmSigner approver() {
    return fixture.approvers().getFirst();
  }

  private LedgerRef ref() {
    return fixture.ref();
  }

  LedgerWriter writer() {
    return EvmLedgerWriter.open(fixture.endpoint(), ref(), fixture.gas());
  }

  private void writeFiles() throws IOException {
    Files.writeString(folder.resolve("vault.yaml"), """
        apiVersion: dvault.io/v1
        kind: Vault
        metadata: {name: fleet}
        spec:
          id: "0x%s"
          chain: {id: %d, contract: "%s", rpc: ["%s"]}
          blocks: {publish: [], gateways: []}
          governance: {threshold: 1, approvers: [{name: a, address: "%s"}]}
          salt: "0x%s"
        """.formatted(
            id,
            ref().chainId(),
            ref().contract(),
            fixture.endpoint().rpc().getFirst(),
            approver().address(),
            VaultFixture.random32()));
    Files.writeString(
        folder.resolve("drone-1.yaml"), TestVault.deviceYaml("drone-1", "", device, id));
    declareKeys("robot");
  }

  /** An SshKey of each name on the device, and its public part authorized there too. */
  void declareKeys(String... names) throws IOException {
    StringBuilder yaml = new StringBuilder();
    for (String name : names) {
      yaml.append("""
          ---
          apiVersion: dvault.io/v1
          kind: SshKey
          metadata: {name: %s}
          spec:
            devices: {names: [drone-1]}
            ttl: 7d
            install: {path: /etc/keys}
            authorizedOn: {devices: {names: [drone-1]}, account: ops}
          """.formatted(name));
    }
    Files.writeString(folder.resolve("keys.yaml"), yaml.substring(4));
  }

  DesiredState desired() {
    try (VaultRepository repository = VaultRepository.open(folder)) {
      Findings findings = new Findings();
      return ConfigReader.read(repository.workTree(), Plugins.load(), findings)
          .orElseThrow(() -> new DiagnosticException(findings.sorted()));
    }
  }

  Head head() {
    return ledger.findHead(id).orElseThrow();
  }

  RegistrySnapshot snapshot() {
    Head head = head();
    if (head.epoch() == 0) {
      return RegistrySnapshot.EMPTY;
    }
    Cid root = Registry.rootCid(head.root());
    Registry registry = Registry.open(blocks, root, id);
    return new RegistrySnapshot(
        head.epoch(),
        Optional.of(root),
        registry.root().commit(),
        registry.devices().collect(Collectors.toMap(DeviceEntry::device, entry -> entry)),
        registry.authorities(),
        registry.rules());
  }

  Plan plan() {
    return plan(snapshot());
  }

  Plan plan(RegistrySnapshot snapshot) {
    return Planner.plan(input(snapshot));
  }

  PlanInput input(RegistrySnapshot snapshot) {
    PlanBase base = new PlanBase(
        ref().chainId(),
        ref().contract(),
        id,
        snapshot.epoch(),
        snapshot.root().map(Cid::digest).orElse(Bytes32.ZERO),
        "",
        false,
        Bytes32.ZERO);
    return new PlanInput(
        base,
        desired(),
        snapshot,
        Optional.empty(),
        Set.of(),
        Map.of(),
        Map.of(),
        new PlanInput.KindTraits(
            Set.of("Grant"),
            Set.of("Grant", "AuthorizedKeys"),
            Set.of(),
            template -> TypicalSize.KEY_PAIR),
        PlanOptions.NONE,
        fixture.governance().threshold(),
        Instant.now());
  }

  ApplyPipeline applier(ApplyCheckpoint crash) {
    ApplyPipeline.Connections connections = new ApplyPipeline.Connections(
        ledger,
        this::writer,
        new Eip712ApprovalVerifier(),
        List.of(blocks),
        new HashMap<>(Map.of("memory", blocks)),
        blocks);
    ApplyPipeline.Issuers issuers = new ApplyPipeline.Issuers(
        Map.copyOf(Plugins.load().entryKinds()),
        ApplyVault::noAuthority,
        reference -> {
          throw new IllegalStateException("no source: " + reference);
        },
        SecureRandom::new);
    return new ApplyPipeline(
        connections, issuers, journals(), Clock.systemUTC(), crash, ApplyProgress.SILENT);
  }

  Path journals() {
    return folder.resolve(".dvault");
  }

  private static AuthorityKey noAuthority(String name) {
    throw new IllegalStateException("no authority: " + name);
  }

  /** Plans and applies as one approver. */
  ApplyPipeline.Outcome apply(ApplyCheckpoint crash) {
    PlanInput input = input(snapshot());
    return applier(crash).apply(input, Planner.plan(input), List.of(approver()), "apply");
  }

  @Override
  public void close() {
    device.close();
    fixture.close();
  }
}
