package io.dvault.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "authority",
    description = "Make the keys of authorities (CAs).",
    footer = {"", "Examples:", "  dvault authority create fleet-ssh"})
final class AuthorityCommand {
  private final CommandContext context;

  AuthorityCommand(CommandContext context) {
    this.context = context;
  }

  @Command(
      name = "create",
      description = "Make an authority's key, sealed to every admin of vault.yaml, and its YAML.",
      footer = {
        "",
        "Examples:",
        "  dvault authority create fleet-ssh           first key, and authorities/fleet-ssh.yaml",
        "  dvault authority create fleet-ssh           later: its next generation"
      })
  int create(
      @Parameters(paramLabel = "NAME", description = "The authority's name.") String name,
      @Option(names = "--type", paramLabel = "TYPE", defaultValue = "ssh", description = "Default: ssh.") String type,
      @Option(names = "--algorithm", paramLabel = "NAME", defaultValue = "", description = "Default: the type's own.")
          String algorithm) {
    return new AuthorityCreation(context).create(name, type, algorithm);
  }
}
