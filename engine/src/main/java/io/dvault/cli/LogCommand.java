package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.HistoryView;
import io.dvault.config.ConfigReader;
import io.dvault.dag.BlockSource;
import io.dvault.desired.VaultSettings;
import io.dvault.gateway.GatewayBlockSource;
import io.dvault.gateway.GatewayUrl;
import io.dvault.git.VaultRepository;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.evm.Eip712ApprovalVerifier;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.model.AuthorityId;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.VaultId;
import io.dvault.model.VaultSalt;
import io.dvault.registry.Acts;
import io.dvault.registry.GitCommit;
import io.dvault.workflow.ChainArguments;
import io.dvault.workflow.History;
import io.dvault.workflow.KeyActs;
import io.dvault.workflow.UserCache;
import io.dvault.workflow.VaultConnection;
import io.dvault.workflow.Workspace;
import io.dvault.yaml.Findings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "log",
    description =
        "Show the commits of the vault, read from the chain only. Verifies links and approvals.",
    footer = {
      "",
      "Examples:",
      "  dvault log",
      "  dvault log -n 5 --json",
      "  dvault log --entries                          include each entry, read from the blocks",
      "  dvault log --rpc https://rpc.example --contract 0x5FbD… --vault 3f9a…     without the repository"
    })
final class LogCommand implements Callable<Integer> {
  private static final int ALL = 100_000;

  private final CommandContext context;

  @Option(
      names = "-n",
      paramLabel = "NUMBER",
      description = "Show only the newest commits. Default: all.")
  int number = ALL;

  @Option(names = "--json", description = "Print JSON (format_version 1).")
  boolean json;

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      description = "Use this endpoint instead of those in vault.yaml. Repeatable.")
  List<String> rpc = new ArrayList<>();

  @Option(
      names = "--vault",
      paramLabel = "ID",
      description = "Vault id (64 hex digits), if there is no repository.")
  String vault = "";

  @Option(
      names = "--contract",
      paramLabel = "ADDRESS",
      description = "Contract address, if there is no repository.")
  String contract = "";

  @Option(names = "--entries", description = "Show each entry too, read from the blocks.")
  boolean entries;

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      description = "Gateway for --entries, if there is no repository. Repeatable.")
  List<String> gateways = new ArrayList<>();

  LogCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (number < 1) {
      throw new DiagnosticException(
          Diagnostic.error("DV904", "-n cannot be \"" + number + "\"", "Use 1 or more."));
    }
    Optional<Workspace> workspace =
        vault.isEmpty() ? Optional.of(Workspace.open(context.run())) : Optional.empty();
    Optional<VaultSettings> settings = workspace.map(this::settings);
    EndpointSettings endpoints = rpc.isEmpty() && settings.isPresent()
        ? new EndpointSettings(settings.get().rpc(), 1)
        : ChainArguments.endpoints(requireRpc());
    VaultId id = settings.map(LogCommand::idOf).orElseGet(this::parsedVault);
    EvmAddress address =
        settings.map(s -> s.contract().orElseThrow()).orElseGet(this::parsedContract);
    long chain = settings.map(VaultSettings::chainId).orElseGet(() -> EvmLedger.chainId(endpoints));
    LedgerRef ref = new LedgerRef(chain, address);
    try (EvmLedger ledger = EvmLedger.open(endpoints, ref)) {
      Head head = ledger
          .findHead(id)
          .orElseThrow(() -> new DiagnosticException(Diagnostic.error(
              "DV310",
              "there is no such vault on this chain",
              "No vault 0x" + id + " at contract " + EvmKeys.checksummed(ref.contract())
                  + " on chain " + ref.chainId() + ".",
              "A devnet restarted without --state has no vaults.")));
      History history = History.read(ledger, new Eip712ApprovalVerifier(), head, number);
      Optional<Map<Long, KeyActs>> single =
          entries ? Optional.of(single(settings, history)) : Optional.empty();
      HistoryView view = new HistoryView(
          context.terminal(),
          names(settings, workspace, history, single),
          single
              .<HistoryView.SingleActs>map(
                  found -> epoch -> Optional.ofNullable(found.get(epoch)).map(KeyActs::acts))
              .orElse(HistoryView.SingleActs.NOT_ASKED));
      if (json) {
        view.json(history, ref);
      } else {
        view.text(history);
      }
      List<String> faults = new ArrayList<>(history.faults());
      single.ifPresent(found -> found.forEach((epoch, acts) -> {
        if (!acts.asTold()) {
          faults.add("the summary of epoch " + epoch + " is not what its blocks say");
        }
      }));
      if (!faults.isEmpty()) {
        throw new DiagnosticException(Diagnostic.error(
            "DV311", "the history is inconsistent", faults.toArray(String[]::new)));
      }
    }
    return ExitCode.OK;
  }

  /** By epoch; without those whose blocks are gone. */
  private Map<Long, KeyActs> single(Optional<VaultSettings> settings, History history) {
    if (settings.isPresent() && gateways.isEmpty()) {
      try (VaultConnection connection =
          VaultConnection.open(settings.get()).keeping(UserCache.of(context.run()))) {
        return single(connection.blocks(), history, Optional.of(settings.get().salt()));
      }
    }
    if (gateways.isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV903",
          "--entries needs --gateway",
          "Add --gateway URL: there is no repository that names one."));
    }
    try (GatewayBlockSource source =
        new GatewayBlockSource(gateways.stream().map(GatewayUrl::parse).toList())) {
      return single(source, history, settings.map(VaultSettings::salt));
    }
  }

  private static Map<Long, KeyActs> single(
      BlockSource blocks, History history, Optional<VaultSalt> salt) {
    Map<Long, KeyActs> found = new TreeMap<>();
    history
        .commits()
        .forEach(entry -> KeyActs.find(blocks, history.head().vault(), entry, salt)
            .ifPresent(acts -> found.put(entry.commit().epoch(), acts)));
    return found;
  }

  private List<String> requireRpc() {
    if (rpc.isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV903",
          "--vault needs --rpc and --contract",
          "Add both: there is no repository that names them."));
    }
    return rpc;
  }

  private VaultSettings settings(Workspace workspace) {
    try {
      return workspace.settings();
    } catch (DiagnosticException e) {
      if (!rpc.isEmpty()
          && e.diagnostics().stream().allMatch(each -> each.code().equals("DV024"))) {
        throw new DiagnosticException(Diagnostic.error(
            "DV903",
            "--vault and --contract are required",
            "There is no repository here to read them from. Run:",
            "dvault log --rpc " + rpc.getFirst()
                + " --contract ADDRESS --vault ID, or select a repository with --chdir."));
      }
      throw e;
    }
  }

  private static VaultId idOf(VaultSettings settings) {
    if (settings.id().isEmpty() || settings.contract().isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
              "DV730",
              "the vault is not on a chain yet",
              "Run `dvault init`: it creates the vault and writes spec.id and spec.chain.contract.")
          .at(settings.position()));
    }
    return settings.id().get();
  }

  private VaultId parsedVault() {
    try {
      return VaultId.parse(vault);
    } catch (IllegalArgumentException e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904", "--vault cannot be \"" + vault + "\"", "A vault's id is 64 hex digits."));
    }
  }

  private EvmAddress parsedContract() {
    if (contract.isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV903",
          "--vault needs --rpc and --contract",
          "Add both: there is no repository that names them."));
    }
    return ChainArguments.address("--contract", contract);
  }

  /** What the repository calls the ids and addresses; strangers see them as they are. */
  private HistoryView.Names names(
      Optional<VaultSettings> settings,
      Optional<Workspace> workspace,
      History history,
      Optional<Map<Long, KeyActs>> single) {
    Map<String, String> people = new HashMap<>();
    Map<AuthorityId, String> authorities = new HashMap<>();
    settings.ifPresent(s -> {
      s.governance()
          .guardians()
          .forEach(party -> people.put(party.address().toString(), party.name()));
      s.governance()
          .approvers()
          .forEach(party -> people.put(party.address().toString(), party.name()));
    });
    workspace.ifPresent(w -> w.view().files().keySet().stream()
        .filter(path -> path.matches("authorities/[^/]+\\.[0-9]+\\.pub"))
        .map(path -> path.replaceAll("authorities/(.*)\\.[0-9]+\\.pub", "$1"))
        .forEach(
            name -> authorities.put(AuthorityId.of(settings.orElseThrow().salt(), name), name)));
    Map<EntryId, EntryAddress> named = new HashMap<>();
    if (entries) {
      workspace.ifPresent(w -> named.putAll(entryNames(w, history)));
      single.ifPresent(
          found -> found.values().forEach(acts -> acts.names().forEach(named::putIfAbsent)));
    }
    return new HistoryView.Names(people, authorities, named);
  }

  /** Names out of the files as they are and as they were at each commit of the history that this clone has. */
  private static Map<EntryId, EntryAddress> entryNames(Workspace workspace, History history) {
    Map<EntryId, EntryAddress> names = new HashMap<>();
    Set<String> commits = history.commits().stream()
        .flatMap(entry -> entry.acts().stream())
        .map(Acts::commit)
        .map(GitCommit::id)
        .filter(commit -> !commit.isEmpty())
        .collect(Collectors.toCollection(LinkedHashSet::new));
    try (VaultRepository repository = workspace.repository()) {
      Stream.concat(
              Stream.of(workspace.view()),
              commits.stream().flatMap(commit -> repository.findCommit(commit).stream()))
          .flatMap(view -> ConfigReader.read(view, workspace.plugins(), new Findings()).stream())
          .forEach(state -> state
              .entries()
              .values()
              .forEach(entry -> names.putIfAbsent(entry.id(), entry.address())));
    }
    return names;
  }
}
