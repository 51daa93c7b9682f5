package io.dvault.cli;

import io.dvault.cli.view.AuthorityFilesView;
import io.dvault.cli.view.CommandContext;
import io.dvault.workflow.AuthorityFiles;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    description = "Create an authority's key, sealed to every admin in vault.yaml, and its YAML.",
    footer = {
      "",
      "Examples:",
      "  dvault authority create fleet-ssh           create the first key and authorities/fleet-ssh.yaml",
      "  dvault authority create fleet-ssh           run again: create the next generation",
      "  dvault authority create services --type tls"
    })
final class AuthorityCreateCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "NAME", description = "The authority's name.")
  String name = "";

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Type: ssh or tls. Default: as declared, else ssh.")
  String type = "";

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      description = "Key algorithm. Default: as declared, else the default of the type.")
  String algorithm = "";

  AuthorityCreateCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    AuthorityFiles files = AuthorityFiles.of(context.run(), name, type, algorithm);
    files.write(files
        .type()
        .generate(files.algorithm(), files.comment(), context.clock().instant(), context.random()));
    AuthorityFilesView.print(context.terminal(), files);
    context
        .terminal()
        .println("Next: commit these files and run `dvault apply`. The chain is unchanged so far.");
    return ExitCode.OK;
  }
}
