package io.dvault.cli;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Runs the cheap commands once, so that the launcher can keep their classes loaded and linked in a cache file. */
final class Warmup {
  private Warmup() {}

  public static void main(String[] arguments) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    CommandContext context = new CommandContext(
        new Terminal(nowhere, nowhere, false, false, false, Terminal.DEFAULT_WIDTH),
        new BufferedReader(new StringReader("")),
        Map.of(),
        Path.of("").toAbsolutePath(),
        Optional.empty(),
        Clock.systemUTC(),
        new SecureRandom());
    Dvault.run(context, "version");
    Dvault.run(context, "--help");
    for (String name : Commands.names()) {
      Dvault.run(context, name, "--help");
    }
    Dvault.run(context, "nothing-of-that-name");
  }
}
