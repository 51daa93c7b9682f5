package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.ProductVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "version",
    description = "Print the version of dVault and of Java.",
    footer = {"", "Examples:", "  dvault version"})
final class VersionCommand implements Callable<Integer> {
  private final CommandContext context;

  VersionCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ProductVersion.print(context.terminal().out());
    return ExitCode.OK;
  }

  /** Whether one command line asks for nothing else. */
  static boolean isAsked(String... words) {
    return words.length == 1
        && ("version".equals(words[0]) || "--version".equals(words[0]) || "-V".equals(words[0]));
  }
}
