package io.dvault.cli;

import io.dvault.bundle.Identity;
import io.dvault.bundle.Recipient;
import io.dvault.dag.BlockStore;
import io.dvault.gateway.server.TrustlessGateway;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
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

/**
 * Runs commands once, so that the launcher can keep their classes in a cache file: the cheap ones or, as {@code Warmup
 * apply}, one that issues, with what was learnt of how its code is used.
 */
final class Warmup {
  private static final URI NO_GATEWAY = URI.create("http://127.0.0.1:1");

  private Warmup() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("dvault-warm-up-");
    CommandContext context = context(OutputStream.nullOutputStream(), folder);
    try {
      if (List.of(arguments).equals(List.of("apply"))) {
        fleet(context, Files.createDirectory(folder.resolve("fleet")));
      } else {
        cheap(context);
        vault(context, Files.createDirectory(folder.resolve("vault")));
        policies(context, Files.createDirectory(folder.resolve("policies")));
      }
    } finally {
      delete(folder);
    }
  }

  /** @param folder for all that is remembered */
  static CommandContext context(OutputStream out, Path folder) {
    PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new CommandContext(
        new Terminal(printed, printed, false, false, false, Terminal.DEFAULT_WIDTH),
        new BufferedReader(new StringReader("")),
        Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString(),
            "DVAULT_IDENTITY", folder.resolve("identity").toString()),
        folder,
        Optional.empty(),
        Clock.systemUTC(),
        new SecureRandom());
  }

  private static void cheap(CommandContext context) {
    Dvault.run(context, "version");
    Dvault.run(context, "--help");
    for (String name : Commands.names()) {
      Dvault.run(context, name, "--help");
    }
    Dvault.run(context, "nothing-of-that-name");
  }

  /** What a pipeline does: what is declared is validated, and applied up to the transaction, which the chain does not take. */
  static void fleet(CommandContext context, Path folder) throws IOException {
    Recipient admin;
    try (Identity identity = AdminIdentity.create(AdminIdentity.path(context, ""), context)) {
      admin = identity.recipient();
    }
    try (TrainingChain chain = TrainingChain.start();
        BlockStore blocks = DevnetCommand.openFolder(folder);
        TrustlessGateway gateway = TrustlessGateway.start(blocks, 0)) {
      TrainingVault.write(folder, chain, gateway.uri(), "  admins: [{name: a, recipient: " + admin + "}]\n");
      TrainingFleet.write(folder, context.random());
      Dvault.run(context, "--chdir", folder.toString(), "authority", "create", TrainingFleet.AUTHORITY);
      Dvault.run(context, "--chdir", folder.toString(), "validate");
      Dvault.run(context, "--chdir", folder.toString(), "apply", "--auto-approve");
    }
  }

  /** A vault whose chain answers; the second plan is remembered. */
  static void vault(CommandContext context, Path folder) throws IOException {
    try (TrainingChain chain = TrainingChain.start()) {
      TrainingVault.write(folder, chain, NO_GATEWAY, "");
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
