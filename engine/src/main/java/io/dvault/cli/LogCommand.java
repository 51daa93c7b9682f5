package io.dvault.cli;

import io.dvault.config.VaultSettings;
import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.evm.Eip712ApprovalVerifier;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.model.AuthorityId;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.VaultId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "log",
    description = "Every commit of the vault, from the chain alone: when, who approved, what. Checks links and approvals.",
    footer = {
      "",
      "Examples:",
      "  dvault log",
      "  dvault log -n 5 --json",
      "  dvault log --rpc https://rpc.example --contract 0x5FbD… --vault 3f9a…     without the repository"
    })
final class LogCommand implements Callable<Integer> {
  private static final int ALL = 100_000;

  private final CommandContext context;

  @Option(names = "-n", paramLabel = "NUMBER", description = "Only the newest commits. Default: all.")
  int number = ALL;

  @Option(names = "--json", description = "For machines; format_version 1.")
  boolean json;

  @Option(names = "--rpc", paramLabel = "URL", description = "Ask this endpoint instead of those in vault.yaml, repeatable.")
  List<String> rpc = new ArrayList<>();

  @Option(names = "--vault", paramLabel = "ID", description = "The vault's id (64 hex digits), where there is no repository.")
  String vault = "";

  @Option(names = "--contract", paramLabel = "ADDRESS", description = "The contract, where there is no repository.")
  String contract = "";

  LogCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (number < 1) {
      throw new DiagnosticException(Diagnostic.error("DV904", "-n cannot be \"" + number + "\"", "It is at least 1."));
    }
    Optional<Workspace> workspace = vault.isEmpty() ? Optional.of(Workspace.open(context)) : Optional.empty();
    Optional<VaultSettings> settings = workspace.map(Workspace::settings);
    EndpointSettings endpoints = rpc.isEmpty() && settings.isPresent()
        ? new EndpointSettings(settings.get().rpc(), 1)
        : EndpointSettings.parse(requireRpc(), 1);
    VaultId id = settings.map(LogCommand::idOf).orElseGet(this::parsedVault);
    LedgerRef ref = settings.map(s -> new LedgerRef(s.chainId(), s.contract().orElseThrow()))
        .orElseGet(() -> new LedgerRef(EvmLedger.chainId(endpoints), parsedContract()));
    try (EvmLedger ledger = EvmLedger.open(endpoints, ref)) {
      Head head = ledger.findHead(id).orElseThrow(() -> new DiagnosticException(Diagnostic.error("DV310",
          "there is no such vault on this chain",
          "No vault 0x" + id + " at contract " + EvmKeys.checksummed(ref.contract()) + " on chain " + ref.chainId() + ".",
          "A devnet that was started anew has forgotten its vaults.")));
      History history = History.read(ledger, new Eip712ApprovalVerifier(), head, number);
      HistoryView view = new HistoryView(context.terminal(), names(settings, workspace));
      if (json) {
        view.json(history, ref);
      } else {
        view.text(history);
      }
      if (!history.faults().isEmpty()) {
        throw new DiagnosticException(Diagnostic.error("DV311", "the history does not hold together",
            history.faults().toArray(String[]::new)));
      }
    }
    return ExitCode.OK;
  }

  private List<String> requireRpc() {
    if (rpc.isEmpty()) {
      throw new DiagnosticException(Diagnostic.error("DV903", "--vault needs --rpc and --contract",
          "Without a repository nothing else says where to ask."));
    }
    return rpc;
  }

  private static VaultId idOf(VaultSettings settings) {
    if (settings.id().isEmpty() || settings.contract().isEmpty()) {
      throw new DiagnosticException(Diagnostic.error("DV730", "the vault is on no chain yet",
          "`dvault init` writes spec.id and spec.chain.contract after it created the vault.").at(settings.position()));
    }
    return settings.id().get();
  }

  private VaultId parsedVault() {
    try {
      return VaultId.parse(vault);
    } catch (IllegalArgumentException e) {
      throw new DiagnosticException(
          Diagnostic.error("DV904", "--vault cannot be \"" + vault + "\"", "A vault's id is 64 hex digits."));
    }
  }

  private io.dvault.ledger.EvmAddress parsedContract() {
    if (contract.isEmpty()) {
      throw new DiagnosticException(Diagnostic.error("DV903", "--vault needs --rpc and --contract",
          "Without a repository nothing else says where to ask."));
    }
    return EvmKeys.parseChecksummed(contract);
  }

  /** What the repository calls the ids and addresses; strangers see them as they are. */
  private static HistoryView.Names names(Optional<VaultSettings> settings, Optional<Workspace> workspace) {
    Map<String, String> people = new HashMap<>();
    Map<AuthorityId, String> authorities = new HashMap<>();
    settings.ifPresent(s -> {
      s.governance().guardians().forEach(party -> people.put(party.address().toString(), party.name()));
      s.governance().approvers().forEach(party -> people.put(party.address().toString(), party.name()));
    });
    workspace.ifPresent(w -> w.view().files().keySet().stream()
        .filter(path -> path.matches("authorities/[^/]+\\.[0-9]+\\.pub"))
        .map(path -> path.replaceAll("authorities/(.*)\\.[0-9]+\\.pub", "$1"))
        .forEach(name -> authorities.put(AuthorityId.of(settings.orElseThrow().salt(), name), name)));
    return new HistoryView.Names(people, authorities);
  }
}
