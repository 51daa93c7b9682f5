package io.dvault.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs the cheap commands once, so that the launcher can keep their classes loaded and linked in a cache file. */
final class Warmup {
  private Warmup() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    Path folder = Files.createTempDirectory("dvault-warm-up-");
    CommandContext context = new CommandContext(
        new Terminal(nowhere, nowhere, false, false, false, Terminal.DEFAULT_WIDTH),
        new BufferedReader(new StringReader("")),
        Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString()),
        folder,
        Optional.empty(),
        Clock.systemUTC(),
        new SecureRandom());
    try {
      Dvault.run(context, "version");
      Dvault.run(context, "--help");
      for (String name : Commands.names()) {
        Dvault.run(context, name, "--help");
      }
      Dvault.run(context, "nothing-of-that-name");
      vault(context, Files.createDirectory(folder.resolve("vault")));
      policies(context, Files.createDirectory(folder.resolve("policies")));
    } finally {
      delete(folder);
    }
  }

  /** A vault whose chain answers; the second plan is remembered. */
  private static void vault(CommandContext context, Path folder) throws IOException {
    try (TrainingChain chain = TrainingChain.start()) {
      TrainingVault.write(folder, TrainingChain.ID, chain.port());
      for (String command : List.of("validate", "plan", "plan", "log", "status")) {
        Dvault.run(context, "--chdir", folder.toString(), command);
      }
      Dvault.run(context, "--chdir", folder.toString(), "plan", "--timings");
    }
  }

  private static void policies(CommandContext context, Path folder) throws IOException {
    Files.writeString(folder.resolve("policy.yaml"), """
        apiVersion: dvault.io/v1
        kind: TrustPolicy
        metadata: {name: warm-up}
        spec: {rules: [{name: short, require: change.ttl < duration("15m") || change.kind.matches("^A")}]}
        ---
        apiVersion: dvault.io/v1
        kind: PolicyTest
        metadata: {name: warm-up}
        spec: {cases: [{name: short, change: {kind: Grant, ttl: 5m}}]}
        """);
    Dvault.run(context, "--chdir", folder.toString(), "policy", "test");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(each -> {
        try {
          Files.delete(each);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
  }
}
