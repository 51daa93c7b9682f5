package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import picocli.CommandLine.Command;

@Command(
    name = "authority",
    description = "Make the keys of authorities (CAs), or take over existing ones.",
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
