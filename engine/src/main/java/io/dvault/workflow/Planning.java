package io.dvault.workflow;

import io.dvault.config.ConfigReader;
import io.dvault.config.Plugins;
import io.dvault.desired.DesiredState;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.git.VaultRepository;
import io.dvault.ledger.Head;
import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.RevocationId;
import io.dvault.plan.Guards;
import io.dvault.plan.Plan;
import io.dvault.plan.PlanBase;
import io.dvault.plan.PlanInput;
import io.dvault.plan.PlanInput.Former;
import io.dvault.plan.PlanInput.KindTraits;
import io.dvault.plan.PlanOptions;
import io.dvault.plan.Planner;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.plan.ReturningKeys;
import io.dvault.policy.PolicyReport;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.GitCommit;
import io.dvault.spi.SecretKind;
import io.dvault.spi.TypicalSize;
import io.dvault.yaml.Findings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that a plan is made from, read once: repository, head, registry.
 *
 * @param head what the chain holds
 * @param input with everything that the planner asked for
 * @param policy what the trust policies say of it
 * @param history how these policies differ from those of the last apply
 */
public record Planning(
    Workspace workspace,
    Head head,
    PlanInput input,
    Plan plan,
    PolicyReport policy,
    PolicyHistory history) {
  /**
   * Reads the repository and the vault, and plans at {@code now}. Needs no credentials
   * (docs/requirements.md P9).
   */
  public static Planning make(
      Workspace workspace, VaultConnection connection, PlanOptions options, Instant now) {
    try (ChainReading chain =
        ChainReading.start(connection)) { // while this thread reads the repository
      return make(workspace, connection, chain, options, now);
    }
  }

  private static Planning make(
      Workspace workspace,
      VaultConnection connection,
      ChainReading chain,
      PlanOptions options,
      Instant now) {
    DesiredState desired = workspace.desired();
    workspace.timings().begin("rest of chain and registry");
    Bytes32 files = workspace
        .view()
        .digest(); // here, and what needs no answer of the chain: it thinks for a while
    Set<EntryId> declared = HashSet.newHashSet(desired.entries().size());
    desired.entries().values().forEach(entry -> declared.add(entry.id()));
    RegistrySnapshot registry = chain.registry();
    Map<EntryId, Former> formerly =
        hasNameless(declared, registry) ? formerly(workspace, registry) : Map.of();
    ReturningKeys keys = new ReturningKeys(desired, registry, workspace.plugins()::findByEntryKind);
    Set<RevocationId> guardianRevoked = chain.guardianRevoked();
    workspace.timings().begin("plan");
    Head head = chain.head();
    ClockCheck.require(now, head.readAt().time(), connection);
    PlanBase base = new PlanBase(
        desired.vault().chainId(),
        desired.vault().contract().orElseThrow(),
        connection.vault(),
        head.epoch(),
        head.root(),
        workspace.view().commit(),
        workspace.view().clean(),
        files);
    PlanInput input = new PlanInput(
        base,
        desired,
        registry,
        Optional.of(head).filter(each -> each.epoch() > 0).map(Head::notAfter),
        guardianRevoked,
        formerly,
        returning(keys, connection, head, guardianRevoked),
        traits(workspace.plugins()),
        options,
        desired.vault().governance().threshold(),
        now);
    Plan plan = Planner.plan(input);
    workspace.timings().begin("enrolments");
    Enrolments.require(connection.vault(), issuedTo(plan, desired));
    workspace.timings().begin("policies");
    PolicyReport policy =
        workspace.policies().evaluate(plan, desired, workspace.plugins().entryKinds());
    return new Planning(
        workspace, head, input, plan, policy, PolicyHistory.of(workspace, desired, registry));
  }

  /** What keeps the plan from being applied: guards that no flag lifted, and policies, which none can. */
  public List<Diagnostic> refusals(Guards.Allowed allowed) {
    List<Diagnostic> refusals = new ArrayList<>(Guards.check(plan, input, allowed));
    refusals.addAll(policy.denials());
    return List.copyOf(refusals);
  }

  /**
   * The devices that something is issued to. Every other one is in the plan as the registry at the
   * head has it, which the
   * approvers signed: its proof was checked before that.
   */
  private static Collection<DeviceDeclaration> issuedTo(Plan plan, DesiredState desired) {
    Map<String, DeviceDeclaration> devices = new LinkedHashMap<>();
    plan.issuing().forEach(each -> {
      String name = each.desired().address().device();
      devices.put(name, desired.findDevice(name).orElseThrow());
    });
    return devices.values();
  }

  private static Map<EntryAddress, String> returning(
      ReturningKeys keys,
      VaultConnection connection,
      Head head,
      Set<RevocationId> guardianRevoked) {
    Set<RevocationId> revoked = new HashSet<>(guardianRevoked);
    revoked.addAll(ChainReading.revoked(connection.ledger(), head, List.copyOf(keys.asked())));
    return keys.find(revoked);
  }

  /** Names of what is held and no longer declared, out of the commit that the registry was made from. */
  private static Map<EntryId, Former> formerly(Workspace workspace, RegistrySnapshot registry) {
    if (registry.commit().isEmpty()) {
      return Map.of();
    }
    try (VaultRepository repository = workspace.repository()) {
      Optional<DesiredState> before = repository
          .findCommit(GitCommit.id(registry.commit()))
          .flatMap(view -> ConfigReader.read(view, workspace.plugins(), new Findings()));
      Map<EntryId, Former> former = new HashMap<>();
      before.ifPresent(state -> state
          .entries()
          .values()
          .forEach(entry -> former.put(
              entry.id(), new Former(entry.address(), entry.template().protect()))));
      return former;
    }
  }

  /** Whether anything active is declared no longer. */
  private static boolean hasNameless(Set<EntryId> declared, RegistrySnapshot registry) {
    return registry.all().anyMatch(device -> {
      for (Map.Entry<EntryId, EntryRecord> each : device.entries().entrySet()) {
        if (each.getValue().status() == EntryStatus.ACTIVE && !declared.contains(each.getKey())) {
          return true;
        }
      }
      return false;
    });
  }

  static KindTraits traits(Plugins plugins) {
    return new KindTraits(
        plugins.entryKinds().values().stream()
            .map(SecretKind::onceKinds)
            .flatMap(Set::stream)
            .collect(Collectors.toSet()),
        plugins.entryKinds().values().stream()
            .map(SecretKind::wayInKinds)
            .flatMap(Set::stream)
            .collect(Collectors.toSet()),
        plugins.trustKinds(),
        template -> plugins
            .findByEntryKind(template.address().kind())
            .map(kind -> kind.typicalSize(template))
            .orElse(TypicalSize.KEY_PAIR));
  }
}
