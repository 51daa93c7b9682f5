package io.dvault.cli;

import io.dvault.bundle.Identity;
import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.Terminal;
import io.dvault.devnet.DevnetInfo;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.ledger.evm.EvmLedgerWriter;
import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Names;
import io.dvault.model.VaultId;
import io.dvault.workflow.AdminIdentity;
import io.dvault.workflow.ChainArguments;
import io.dvault.workflow.ChainKeys;
import io.dvault.workflow.VaultFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "init",
    description = "Create a vault: register it on the chain and write vault.yaml in this folder.",
    footer = {
      "",
      "Examples:",
      "  dvault init --devnet                     use the chain of `dvault devnet` in this folder",
      "  dvault init --rpc https://rpc.example --contract 0x5FbD… --approver keystore:ops.json \\",
      "      --gas env:GAS_KEY --gateway https://ipfs.example",
      "  dvault init --devnet --threshold 2 --approver-address 0x7099… --approver-address 0x3C44…"
    })
final class InitCommand implements Callable<Integer> {
  private static final Duration UNFREEZE_DELAY = Duration.ofDays(1);

  private final CommandContext context;

  @Option(names = "--devnet", description = "Use the devnet running in this folder.")
  boolean devnet;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the vault. Default: name of the folder.")
  String name = "";

  @Option(names = "--rpc", paramLabel = "URL", description = "JSON-RPC endpoint. Repeatable.")
  List<String> rpc = new ArrayList<>();

  @Option(
      names = "--contract",
      paramLabel = "ADDRESS",
      description = "Contract address (see `dvault contract deploy`).")
  String contract = "";

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      description = "Trustless IPFS gateway. Repeatable.")
  List<String> gateways = new ArrayList<>();

  @Option(
      names = "--approver-address",
      paramLabel = "ADDRESS",
      description =
          "Address of an approver. Repeatable. Default: the addresses of the --approver keys.")
  List<String> approverAddresses = new ArrayList<>();

  @Option(
      names = "--threshold",
      paramLabel = "N",
      description = "Number of approvals required. Default: 1.")
  int threshold = 1;

  @Option(
      names = "--guardian",
      paramLabel = "ADDRESS",
      description =
          "Address of a guardian, who may revoke and freeze alone. Repeatable. Default: the approvers.")
  List<String> guardians = new ArrayList<>();

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description =
          "Age identity file, created if missing. Default: DVAULT_IDENTITY, .dvault/identity.txt on a "
              + "devnet, ~/.config/dvault/identity.txt.")
  String identity = "";

  @Mixin
  KeyOptions keys = new KeyOptions();

  InitCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Path file = context.resolve("vault.yaml");
    if (Files.exists(file)) {
      throw new DiagnosticException(Diagnostic.error(
          "DV731",
          "this folder already has a vault",
          file + " exists.",
          "Create another vault in another folder. Nothing was changed."));
    }
    String vaultName = vaultName();
    ChainChoice chain = devnet ? devnetChain() : givenChain();
    long chainId = EvmLedger.chainId(chain.endpoints());
    LedgerRef ref = new LedgerRef(chainId, chain.contract());
    requireContract(chain.endpoints(), ref);
    try (ChainKeys chainKeys =
        new ChainKeys(context.run(), keys.references(), chainId, chain.endpoints())) {
      Governance governance = governance(chainKeys);
      EvmSigner gas = chainKeys.gas();
      Path identityFile = AdminIdentity.pathForNew(context.run(), identity, devnet);
      boolean made = !Files.exists(identityFile);
      String recipient = recipient(identityFile, made);
      VaultFiles files = new VaultFiles(context.directory());
      files.prepare();
      VaultId vault = create(chain.endpoints(), ref, gas, governance);
      files.write(new VaultFiles.Contents(
          vaultName,
          vault,
          ref,
          chain.rpc(),
          chain.blocks(),
          chain.gateways(),
          governance,
          recipient,
          Bytes32.of(random())));
      print(vaultName, vault, ref, identityFile, made);
    }
    return ExitCode.OK;
  }

  private record ChainChoice(
      EndpointSettings endpoints,
      EvmAddress contract,
      List<String> rpc,
      String blocks,
      List<String> gateways) {}

  private ChainChoice devnetChain() {
    if (!rpc.isEmpty() || !contract.isEmpty() || !gateways.isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904",
          "--devnet cannot be used with --rpc, --contract or --gateway",
          "The devnet has its own. Remove --devnet or the other options. Nothing was changed."));
    }
    DevnetInfo info = DevnetInfo.find(context.directory())
        .orElseThrow(() -> new DiagnosticException(Diagnostic.error(
            "DV705",
            "no devnet is running in this folder",
            "Start one in another terminal: dvault devnet",
            "Nothing was changed.")));
    Path folder = context.directory();
    String blocks = info.blocks().startsWith(folder)
        ? folder.relativize(info.blocks()).toString()
        : info.blocks().toString();
    return new ChainChoice(
        EndpointSettings.of(info.rpc()),
        info.contract(),
        List.of(info.rpc().toString()),
        blocks,
        List.of(info.gateway().toString()));
  }

  private ChainChoice givenChain() {
    if (rpc.isEmpty() || contract.isEmpty() || gateways.isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV903",
          "--rpc, --contract and --gateway are required",
          "To try dVault on this machine, use --devnet. See `dvault init --help` for examples."));
    }
    return new ChainChoice(
        ChainArguments.endpoints(rpc),
        ChainArguments.address("--contract", contract),
        rpc,
        ".dvault/blocks",
        ChainArguments.gateways(gateways));
  }

  private void requireContract(EndpointSettings endpoints, LedgerRef ref) {
    try (EvmLedger ledger = EvmLedger.open(endpoints, ref)) {
      if (ledger.findCodeHash().isEmpty()) {
        throw new DiagnosticException(Diagnostic.error(
            "DV732",
            "there is no contract at this address",
            "Chain " + ref.chainId() + " has no code at " + EvmKeys.checksummed(ref.contract())
                + ".",
            "Run `dvault contract deploy` first. Nothing was changed."));
      }
      if (!ledger.codeMatchesSource()) {
        throw new DiagnosticException(Diagnostic.error(
            "DV733",
            "the contract code does not match the published source",
            "The code at " + EvmKeys.checksummed(ref.contract())
                + " does not match the source of this version.",
            "Check the address. Nothing was changed."));
      }
    }
  }

  private Governance governance(ChainKeys chainKeys) {
    TreeSet<EvmAddress> approvers = new TreeSet<>();
    approverAddresses.forEach(
        text -> approvers.add(ChainArguments.address("--approver-address", text)));
    if (approvers.isEmpty()) {
      chainKeys.approvers().forEach(signer -> approvers.add(signer.address()));
    }
    if (approvers.isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV903",
          "no approvers",
          "Add --approver KEY or --approver-address ADDRESS. Nothing was changed."));
    }
    if (threshold < 1 || threshold > approvers.size()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904",
          "--threshold cannot be \"" + threshold + "\"",
          "It is 1 to " + approvers.size() + ", the number of approvers. Nothing was changed."));
    }
    TreeSet<EvmAddress> stoppers = new TreeSet<>(approvers);
    if (!guardians.isEmpty()) {
      stoppers.clear();
      guardians.forEach(text -> stoppers.add(ChainArguments.address("--guardian", text)));
    }
    return new Governance(List.copyOf(approvers), threshold, List.copyOf(stoppers), UNFREEZE_DELAY);
  }

  private String vaultName() {
    String chosen = name.isEmpty()
        ? context
            .directory()
            .getFileName()
            .toString()
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9-]+", "-")
            .replaceAll("^-+|-+$", "")
        : name;
    if (!Names.isName(chosen)) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904",
          "invalid vault name \"" + chosen + "\"",
          "Use lower-case letters, digits, - . and _; 63 at most: --name fleet"));
    }
    return chosen;
  }

  private String recipient(Path file, boolean made) {
    if (made) {
      try (Identity fresh = AdminIdentity.create(file, context.run())) {
        return fresh.recipient().toString();
      }
    }
    List<Identity> identities = AdminIdentity.open(file);
    try {
      return identities.getFirst().recipient().toString();
    } finally {
      identities.forEach(Identity::close);
    }
  }

  /** The salt on chain is public and has nothing to do with the vault's own, which hides names. */
  private VaultId create(
      EndpointSettings endpoints, LedgerRef ref, EvmSigner gas, Governance governance) {
    try (EvmLedgerWriter writer = EvmLedgerWriter.open(endpoints, ref, gas)) {
      return writer.createVault(Bytes32.of(random()), governance);
    }
  }

  private byte[] random() {
    byte[] bytes = new byte[Bytes32.LENGTH];
    context.random().nextBytes(bytes);
    return bytes;
  }

  private void print(
      String vaultName, VaultId vault, LedgerRef ref, Path identityFile, boolean made) {
    Terminal terminal = context.terminal();
    terminal.println("Vault " + vaultName + " (" + vault.bytes().abbreviated() + ") is on chain "
        + ref.chainId() + ", contract " + EvmKeys.checksummed(ref.contract()) + ".");
    terminal.println("");
    terminal.println("  vault.yaml             the vault: chain, blocks, approvers");
    terminal.println("  devices/README.md      how to enroll a device");
    terminal.println("  .gitignore             keeps .dvault/ out of git");
    Path shown = identityFile.startsWith(context.directory())
        ? context.directory().relativize(identityFile)
        : identityFile;
    terminal.println("  " + (made ? "new identity" : "identity    ") + "           " + shown
        + ": decrypts authority keys; back it up, never commit it");
    terminal.println("");
    terminal.println(
        "Next: `dvault authority create NAME` for a CA, `dvault anchor` for the devices.");
  }
}
