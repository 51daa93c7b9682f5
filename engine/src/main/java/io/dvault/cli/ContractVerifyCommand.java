package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.workflow.ChainArguments;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "verify",
    description =
        "Check that a deployed contract matches the source of this version. Needs no key.",
    footer = {
      "",
      "Examples:",
      "  dvault contract verify --rpc https://rpc.example --contract 0x5FbD…"
    })
final class ContractVerifyCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(
      names = "--rpc",
      required = true,
      paramLabel = "URL",
      description = "JSON-RPC endpoint. Repeatable.")
  List<String> rpc = List.of();

  @Option(
      names = "--contract",
      required = true,
      paramLabel = "ADDRESS",
      description = "Contract address.")
  String contract = "";

  ContractVerifyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    EndpointSettings endpoints = ChainArguments.endpoints(rpc);
    LedgerRef ref =
        new LedgerRef(EvmLedger.chainId(endpoints), ChainArguments.address("--contract", contract));
    String readable = EvmKeys.checksummed(ref.contract());
    try (EvmLedger ledger = EvmLedger.open(endpoints, ref)) {
      Bytes32 hash = ledger
          .findCodeHash()
          .orElseThrow(() -> new DiagnosticException(Diagnostic.error(
              "DV732",
              "there is no contract at this address",
              "Chain " + ref.chainId() + " has no code at " + readable + ".")));
      if (!ledger.codeMatchesSource()) {
        throw new DiagnosticException(Diagnostic.error(
            "DV733",
            "the contract code does not match the published source",
            "The code at " + readable + " (keccak256 " + hash
                + ") does not match the source of this version.",
            "Do not create vaults there."));
      }
      context
          .terminal()
          .println("Contract " + readable + " on chain " + ref.chainId()
              + ": its code matches the published source (keccak256 " + hash.abbreviated() + ").");
    }
    return ExitCode.OK;
  }
}
