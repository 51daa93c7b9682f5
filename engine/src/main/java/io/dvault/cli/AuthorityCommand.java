package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import picocli.CommandLine.Command;

@Command(
    name = "authority",
    description = "Create or import the keys of authorities (CAs).",
    subcommands = {AuthorityCreateCommand.class, AuthorityImportCommand.class},
    footer = {
      "",
      "Examples:",
      "  dvault authority create fleet-ssh",
      "  dvault authority import fleet-ssh ~/ca/ssh_ca"
    })
final class AuthorityCommand {
  AuthorityCommand(CommandContext context) {}
}
