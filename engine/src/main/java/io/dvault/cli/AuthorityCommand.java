package io.dvault.cli;

import picocli.CommandLine.Command;

@Command(
    name = "authority",
    description = "Make the keys of authorities (CAs).",
    subcommands = AuthorityCreateCommand.class,
    footer = {"", "Examples:", "  dvault authority create fleet-ssh"})
final class AuthorityCommand {
  AuthorityCommand(CommandContext context) {}
}
