package io.dvault.install;

import io.dvault.disk.Checkpoint;
import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs the device's own commands: no shell, a small environment, a time limit, and a bounded look at their output. */
final class ActionRunner {
  private static final int MAX_OUTPUT = 4096;
  private static final int MAX_WORDS = 200;

  private final Layout layout;

  ActionRunner(Layout layout) {
    this.layout = layout;
  }

  /** Runs {@code command} with {@code {stage}} and {@code {root}} filled in; empty when it went well, else why not. */
  Optional<String> run(List<String> command, Action action, Path stage) {
    if (command.isEmpty()) {
      return Optional.empty();
    }
    List<String> words = command.stream()
        .map(word -> word.replace(Action.STAGE, stage.toString()).replace(Action.ROOT, rootText()))
        .toList();
    Path output = layout.state().resolve("action.out");
    try {
      Files.deleteIfExists(output);
      new DurableFiles(Checkpoint.NONE).create(output, new byte[0], 0600, Optional.empty());
      return start(words, action, output);
    } catch (IOException e) {
      return Optional.of(words.getFirst() + " could not be started: " + e.getMessage());
    }
  }

  private Optional<String> start(List<String> words, Action action, Path output)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words)
        .directory(layout.device().toFile())
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectErrorStream(true)
        .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment
        .keySet()
        .removeIf(key -> !key.equals("PATH") && !key.equals("HOME") && !key.equals("LANG"));
    Process process = builder.start();
    try {
      if (!process.waitFor(action.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return Optional.of(
            words.getFirst() + " did not end within " + action.timeout().toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return Optional.of(words.getFirst() + " was interrupted");
    }
    return process.exitValue() == 0
        ? Optional.empty()
        : Optional.of(words.getFirst() + " exited " + process.exitValue() + lastWords(output));
  }

  private String rootText() {
    String root = layout.device().toString();
    return root.equals("/") ? "" : root;
  }

  private static String lastWords(Path output) throws IOException {
    try (InputStream in = Files.newInputStream(output)) {
      String text = new String(in.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8).strip();
      String last = text.substring(text.lastIndexOf('\n') + 1);
      return last.isEmpty() ? "" : ": " + last.substring(0, Math.min(MAX_WORDS, last.length()));
    }
  }
}
