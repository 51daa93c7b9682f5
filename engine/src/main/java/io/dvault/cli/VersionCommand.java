package io.dvault.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
    print(context.terminal().out());
    return ExitCode.OK;
  }

  /** Words of one command line that ask for nothing but this. */
  static boolean isAsked(String... words) {
    return words.length == 1 && ("version".equals(words[0]) || "--version".equals(words[0]) || "-V".equals(words[0]));
  }

  /** Said without a {@link Terminal}, its environment and its encodings: this command is also how start-up is measured. */
  static void print(PrintStream out) {
    byte[] line = String.join("", "dvault ", version(), " \u00b7 Java ", String.valueOf(Runtime.version().feature()), ", ",
        System.getProperty("os.name"), " ", System.getProperty("os.arch"), "\n").getBytes(StandardCharsets.UTF_8);
    out.write(line, 0, line.length);
    out.flush();
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
