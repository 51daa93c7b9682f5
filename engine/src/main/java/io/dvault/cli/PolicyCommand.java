package io.dvault.cli;

import picocli.CommandLine.Command;

@Command(
    name = "policy",
    description = "Try out trust policies.",
    subcommands = PolicyTestCommand.class,
    footer = {"", "Examples:", "  dvault policy test"})
final class PolicyCommand {
  PolicyCommand(CommandContext context) {}
}
