package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A vault's folder in which tests let bash and the real git loose, and then look with the real CLI. */
record GitFolderFixture(Path folder) {
  static final String VAULT = """
      apiVersion: dvault.io/v1
      kind: Vault
      metadata: {name: fleet}
      spec:
        chain: {id: 31337, rpc: ["http://127.0.0.1:1"]}
        governance: {threshold: 1, approvers: [{name: ops, address: "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"}]}
        salt: "8f3bb5e6a9e54bd0a1d5c1a1f27b2c3d4e5f60718293a4b5c6d7e8f901234567"
      """;
  /** What {@code dvault validate} said, both streams, and its exit code. */
  record Seen(int code, String output) {
    Seen isWell() {
      assertEquals(0, code, output);
      return this;
    }

    Seen isRefused(String words) {
      assertEquals(1, code, output);
      assertTrue(output.contains(words), output);
      return this;
    }
  }

  /** A fresh repository with a vault in one commit. */
  static GitFolderFixture create(Path folder) {
    GitFolderFixture fixture = new GitFolderFixture(folder);
    fixture.file("vault.yaml", VAULT);
    fixture.bash("git init -q && git add -A && git commit -qm one");
    return fixture;
  }

  void file(String path, String text) {
    try {
      Path file = folder.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Runs a script to its end, which must be well; returns what it printed, without the last line feed. */
  String bash(String script) {
    try {
      Path out = Files.createTempFile("bash", ".out");
      ProcessBuilder builder = new ProcessBuilder("bash", "-euc", script)
          .directory(folder.toFile())
          .redirectErrorStream(true)
          .redirectOutput(out.toFile());
      builder.environment().putAll(environment());
      Process process = builder.start();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "bash does not end");
      String text = Files.readString(out, StandardCharsets.ISO_8859_1).stripTrailing();
      Files.delete(out);
      assertEquals(0, process.exitValue(), () -> script + "\n" + text);
      return text;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Map<String, String> environment() {
    return Map.of(
        "GIT_CONFIG_GLOBAL",
        "/dev/null",
        "GIT_CONFIG_SYSTEM",
        "/dev/null",
        "GIT_CONFIG_COUNT",
        "3",
        "GIT_CONFIG_KEY_0",
        "user.name",
        "GIT_CONFIG_VALUE_0",
        "t",
        "GIT_CONFIG_KEY_1",
        "user.email",
        "GIT_CONFIG_VALUE_1",
        "t@example.org",
        "GIT_CONFIG_KEY_2",
        "init.defaultBranch",
        "GIT_CONFIG_VALUE_2",
        "main",
        "LC_ALL",
        "C.UTF-8");
  }

  Seen validate(String... options) {
    ScriptRun run = new ScriptRun(folder);
    String[] arguments = new String[options.length + 1];
    arguments[0] = "validate";
    System.arraycopy(options, 0, arguments, 1, options.length);
    int code = run.dvault(List.of(), arguments);
    return new Seen(code, run.output());
  }

  /** On disk and at HEAD alike. */
  void bothRefuse(String words) {
    validate().isRefused(words);
    validate("--ref", "HEAD").isRefused(words);
  }
}
