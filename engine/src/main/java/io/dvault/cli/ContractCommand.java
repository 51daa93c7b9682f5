package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import picocli.CommandLine.Command;

@Command(
    name = "contract",
    description = "Deploy the contract, or verify a deployed one.",
    subcommands = {ContractDeployCommand.class, ContractVerifyCommand.class},
    footer = {
      "",
      "Examples:",
      "  dvault contract deploy --rpc https://rpc.example --gas keystore:gas.json",
      "  dvault contract verify --rpc https://rpc.example --contract 0x5FbD…"
    })
final class ContractCommand {
  ContractCommand(CommandContext context) {}
}
