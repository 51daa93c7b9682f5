package io.dvault.console;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Every command has it. */
@Command
final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli's
  private boolean help;
}
