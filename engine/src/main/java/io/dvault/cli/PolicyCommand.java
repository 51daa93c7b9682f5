package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import picocli.CommandLine.Command;

@Command(
    name = "policy",
    description = "Test trust policies.",
    subcommands = PolicyTestCommand.class,
    footer = {"", "Examples:", "  dvault policy test"})
final class PolicyCommand {
  PolicyCommand(CommandContext context) {}
}
