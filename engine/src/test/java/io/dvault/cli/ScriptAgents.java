package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvault.agent.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Real agents of a script's vault, each with a root folder beside it, and receipts into {@code .dvault/receipts}. */
final class ScriptAgents implements AutoCloseable {
  private static final long PAUSE_MILLIS = 200;

  private final Path vault;
  private final Path roots;
  private final List<Thread> looking = new ArrayList<>();

  /** @param vault the vault's folder; what is private to devices lies beside it */
  ScriptAgents(Path vault) {
    this.vault = vault;
    this.roots = vault.resolveSibling("roots");
  }

  /** Returns the Device YAML. */
  String enroll(String anchor, String name, List<String> labels) throws IOException {
    Path root = Files.createDirectories(roots.resolve(name));
    Path file = roots.resolve("anchor.yaml");
    Files.writeString(file, anchor);
    Files.createDirectories(vault.resolve(".dvault/receipts"));
    allow(name, "/etc/keys");
    List<String> words = new ArrayList<>(
        List.of("enroll", "--root", root.toString(), "--anchor", file.toString(), "--name", name));
    labels.forEach(label -> words.addAll(List.of("--label", label)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertEquals(0, run(out, err, words), () -> err.toString(StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What the device's own agent.yaml lets a vault do from now on: {@code folder} is the one it may write to. */
  void allow(String name, String folder) throws IOException {
    Path config = roots.resolve(name).resolve("etc/dvault/agent.yaml");
    Files.createDirectories(config.getParent());
    Files.writeString(
        config,
        "poll: 1s\nfolders: [" + folder + "]\nreceipts: [{file: \""
            + vault.resolve(".dvault/receipts") + "\"}]\n");
  }

  /** Looks again and again from now on, as a timer with {@code dvault-agent once} does. */
  void look(String name) {
    looking.add(Thread.ofPlatform().daemon().name("agent-" + name).start(() -> {
      while (!Thread.currentThread().isInterrupted()) {
        run(
            new ByteArrayOutputStream(),
            new ByteArrayOutputStream(),
            List.of("once", "--root", roots.resolve(name).toString()));
        try {
          Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
          return;
        }
      }
    }));
  }

  private static int run(ByteArrayOutputStream out, ByteArrayOutputStream err, List<String> words) {
    return Main.run(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        words.toArray(String[]::new));
  }

  @Override
  public void close() {
    looking.forEach(Thread::interrupt);
    for (Thread each : looking) {
      try {
        each.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
