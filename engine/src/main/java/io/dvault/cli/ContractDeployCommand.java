package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.ledger.evm.ContractDeployment;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.workflow.ChainArguments;
import io.dvault.workflow.ChainKeys;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "deploy",
    description = "Deploy the contract. One contract serves any number of vaults and has no owner.",
    footer = {
      "",
      "Examples:",
      "  dvault contract deploy --rpc https://rpc.example --gas keystore:gas.json"
    })
final class ContractDeployCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(
      names = "--rpc",
      required = true,
      paramLabel = "URL",
      description = "JSON-RPC endpoint. Repeatable.")
  List<String> rpc = List.of();

  @Mixin
  KeyOptions keys = new KeyOptions();

  ContractDeployCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    EndpointSettings endpoints = ChainArguments.endpoints(rpc);
    long chainId = EvmLedger.chainId(endpoints);
    try (ChainKeys chainKeys =
        new ChainKeys(context.run(), keys.references(), chainId, endpoints)) {
      ContractDeployment done = ContractDeployment.deploy(endpoints, chainKeys.gas());
      String address = EvmKeys.checksummed(done.ref().contract());
      String how = done.alreadyThere()
          ? "already deployed"
          : String.format(
              Locale.ROOT, "block %,d, %,d gas", done.readAt().number(), done.gasUsed());
      context
          .terminal()
          .println("Contract " + address + " on chain " + chainId + ": " + how
              + ". Its code matches the published source.");
      context.terminal().println("");
      context
          .terminal()
          .println("Next: dvault init --rpc " + rpc.getFirst() + " --contract " + address
              + " --gateway URL --approver KEY");
    }
    return ExitCode.OK;
  }
}
