package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.Terminal;
import io.dvault.config.Plugins;
import io.dvault.dag.BlockStore;
import io.dvault.devnet.Devnet;
import io.dvault.devnet.DevnetInfo;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.spi.BlockStoreProvider;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "devnet",
    description = "Run a local chain with the contract, and a block gateway, until Ctrl-C.",
    footer = {
      "",
      "Examples:",
      "  dvault devnet                        discard the chain at the end",
      "  dvault devnet --state .dvault/chain  keep the chain for the next run",
      "  dvault devnet --rpc-port 0 --gateway-port 0"
    })
final class DevnetCommand implements Callable<Integer> {
  private static final long LOOK_MILLIS = 200;
  private static final String BLOCKS = ".dvault/blocks";

  private final CommandContext context;

  @Option(
      names = "--rpc-port",
      paramLabel = "PORT",
      description = "Port of the chain; 0 picks a free port. Default: 8545.")
  int rpcPort = 8545;

  @Option(
      names = "--gateway-port",
      paramLabel = "PORT",
      description = "Port of the gateway; 0 picks a free port. Default: 8080.")
  int gatewayPort = 8080;

  @Option(
      names = "--state",
      paramLabel = "FOLDER",
      description = "Keep the chain there between runs.")
  String state = "";

  DevnetCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    requirePort("--rpc-port", rpcPort);
    requirePort("--gateway-port", gatewayPort);
    Devnet.Options options =
        new Devnet.Options(context.directory(), rpcPort, gatewayPort, stateFile(), context.home());
    Path folder = context.resolve(BLOCKS);
    try (BlockStore blocks = openFolder(context.directory());
        Devnet devnet = Devnet.start(options, blocks, folder)) {
      AtomicBoolean ending = new AtomicBoolean();
      Thread stop = new Thread(
          () -> { // Ctrl-C
            ending.set(true);
            devnet.stop();
          },
          "dvault-devnet-stop");
      Runtime.getRuntime().addShutdownHook(stop);
      print(devnet);
      return waitUntilItEnds(devnet, ending);
    }
  }

  private static void requirePort(String option, int port) {
    if (port < 0 || port > 65_535) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904", option + " cannot be \"" + port + "\"", "A port is 0 to 65535."));
    }
  }

  private Optional<Path> stateFile() {
    if (state.isEmpty()) {
      return Optional.empty();
    }
    Path folder = context.resolve(state);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.of(folder.resolve("anvil.json"));
  }

  /** The folder store, as the line in vault.yaml would open it. */
  static BlockStore openFolder(Path vault) {
    BlockStoreProvider provider = Plugins.load().stores().get("folder");
    if (provider == null) {
      throw new IllegalStateException("the folder store is not on the class path");
    }
    Findings findings = new Findings();
    byte[] yaml = ("{store: folder, path: \"" + BLOCKS + "\"}").getBytes(StandardCharsets.UTF_8);
    BlockStoreProvider.Opener opener = provider.configure(
        YamlReader.read("devnet", yaml, findings).getFirst().fields("", findings), vault);
    if (findings.hasErrors()) {
      throw new DiagnosticException(findings.sorted());
    }
    return opener.open();
  }

  private void print(Devnet devnet) {
    Terminal terminal = context.terminal();
    DevnetInfo info = devnet.info();
    boolean published;
    EndpointSettings endpoints = EndpointSettings.of(info.rpc());
    try (EvmLedger ledger =
        EvmLedger.open(endpoints, new LedgerRef(info.chainId(), info.contract()))) {
      published = ledger.codeMatchesSource();
    }
    terminal.println("Local devnet, for testing only. Its keys are public.");
    terminal.println("");
    terminal.println("  chain      " + devnet.version() + ", chain " + info.chainId() + ", "
        + info.rpc() + (state.isEmpty() ? ", discarded at the end" : ", kept in " + state));
    terminal.println("  contract   " + EvmKeys.checksummed(info.contract())
        + (published
            ? ", code matches the published source"
            : ", code differs from the published source"));
    terminal.println("  gateway    " + info.gateway() + ", blocks in " + BLOCKS);
    terminal.println("");
    boolean vault = Files.exists(context.resolve("vault.yaml"));
    terminal.println(
        "Next, in another terminal in this folder: dvault " + (vault ? "plan" : "init --devnet"));
    terminal.println("Press Ctrl-C to stop.");
  }

  private static int waitUntilItEnds(Devnet devnet, AtomicBoolean ending) {
    try {
      while (devnet.isAlive()) {
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      return ExitCode.OK; // asked to end
    }
    if (ending.get()) {
      return ExitCode.OK;
    }
    throw new DiagnosticException(Diagnostic.error(
        "DV704",
        "the chain stopped unexpectedly",
        "anvil exited.",
        "Start `dvault devnet` again."));
  }
}
