package io.dvault.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
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
    print(context.terminal());
    return ExitCode.OK;
  }

  static void print(Terminal terminal) {
    terminal.println("dvault " + version() + " · Java " + Runtime.version().feature() + ", "
        + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
  }

  static String version() {
    Properties properties = new Properties();
    try (InputStream in = VersionCommand.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }
}
