package io.dvault.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the cheap commands once, so that the launcher can keep their classes loaded and linked in a cache file. */
final class Warmup {
  private Warmup() {}

  public static void main(String[] arguments) throws IOException {
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
    vault(context);
  }

  /** A vault whose chain does not answer: reads, validates, and tries to plan. */
  private static void vault(CommandContext context) throws IOException {
    Path folder = Files.createTempDirectory("dvault-warm-up-");
    Path file = folder.resolve("vault.yaml");
    Path policy = folder.resolve("policy.yaml");
    try {
      Files.writeString(file, """
          apiVersion: dvault.io/v1
          kind: Vault
          metadata: {name: warm-up}
          spec:
            id: "0x1111111111111111111111111111111111111111111111111111111111111111"
            chain: {id: 31337, contract: "0x5FbDB2315678afecb367f032d93F642f64180aa3", rpc: ["http://127.0.0.1:1"]}
            blocks: {publish: [{store: folder, path: .dvault/blocks}], gateways: ["http://127.0.0.1:1"]}
            governance: {threshold: 1, approvers: [{name: a, address: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"}]}
            salt: "0x2222222222222222222222222222222222222222222222222222222222222222"
          """);
      Files.writeString(policy, """
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
      for (String command : List.of("validate", "plan", "log", "status")) {
        Dvault.run(context, "--chdir", folder.toString(), command);
      }
    } finally {
      Files.deleteIfExists(policy);
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }
}
