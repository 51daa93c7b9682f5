package io.dvault.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.examples.ConsoleDocument.Step;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Plays a {@link ConsoleDocument} with bash, as a user would, in a folder of its own; ends all that it started. */
final class ConsoleSession implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private final Path folder;
  private final Path bin;
  private final Path scratch;
  private final Map<String, String> environment;
  private final List<Process> background = new ArrayList<>();
  private Path directory;

  ConsoleSession(Path folder, Path scratch, Map<String, String> environment) throws IOException {
    this.folder = folder;
    this.directory = folder;
    this.scratch = scratch;
    this.environment = environment;
    this.bin = Files.createDirectories(scratch.resolve("bin"));
    shim("dvault", "io.dvault.cli.Dvault");
    shim("dvault-agent", "io.dvault.agent.Main");
  }

  // The launchers would look whether a build is due, in the middle of one: these run what is under
  // test.
  private void shim(String name, String mainClass) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path script = bin.resolve(name);
    Files.writeString(
        script,
        String.join(
            "\n",
            "#!/bin/sh",
            "exec '" + java + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto "
                + "-Dsun.misc.unsafe.memory.access=allow -Ddvault.home='"
                + System.getProperty("dvault.root") + "' -cp '"
                + System.getProperty("java.class.path") + "' "
                + mainClass + " \"$@\"",
            ""));
    assertTrue(script.toFile().setExecutable(true));
  }

  /** Puts a program on the PATH that runs these lines of sh. */
  void stub(String name, String lines) throws IOException {
    Path script = bin.resolve(name);
    Files.writeString(script, "#!/bin/sh\n" + lines + "\n");
    assertTrue(script.toFile().setExecutable(true));
  }

  /** Runs lines of bash in a folder to their end; returns what they printed. */
  String bash(String script, Path where, Map<String, String> more, int exitCode)
      throws IOException {
    Path out = Files.createTempFile(scratch, "bash", ".out");
    Process process = bash(script, out, where, more);
    if (!ended(process)) {
      process.destroyForcibly();
      throw new AssertionError(
          script + "\ndid not end within " + LIMIT.toSeconds() + " s:\n" + Files.readString(out));
    }
    String text = Files.readString(out);
    assertEquals(exitCode, process.exitValue(), () -> script + "\n" + text);
    return text;
  }

  void play(ConsoleDocument document) throws IOException {
    for (Step step : document.steps()) {
      String where = document.file().getFileName() + ":" + step.line() + ": " + step.command();
      if (step.background()) {
        start(step, where);
      } else {
        run(step, where);
      }
    }
  }

  private void run(Step step, String where) throws IOException {
    Path out = Files.createTempFile(scratch, "step", ".out");
    Path pwd = scratch.resolve("pwd");
    Process process = bash(step.command() + "\nstatus=$?\npwd > '" + pwd + "'\nexit $status", out);
    if (!ended(process)) {
      process.destroyForcibly();
      throw new AssertionError(
          where + "\ndid not end within " + LIMIT.toSeconds() + " s:\n" + Files.readString(out));
    }
    String text = Files.readString(out);
    assertEquals(step.exitCode(), process.exitValue(), () -> where + "\n" + text);
    assertTrue(
        Expected.matches(step.expected(), text),
        () -> where + "\nexpected:\n" + String.join("\n", step.expected()) + "\nbut saw:\n" + text);
    directory = Path.of(Files.readString(pwd).strip());
  }

  private void start(Step step, String where) throws IOException {
    Path out = Files.createTempFile(scratch, "background", ".out");
    Process process = bash("exec " + step.command(), out);
    background.add(process);
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!Expected.matches(withRest(step.expected()), Files.readString(out))) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError(where + "\nexpected:\n" + String.join("\n", step.expected())
            + "\nbut saw:\n" + Files.readString(out));
      }
      pause();
    }
  }

  private static List<String> withRest(List<String> expected) {
    List<String> lines = new ArrayList<>(expected);
    lines.add("…");
    return lines;
  }

  private Process bash(String script, Path out) throws IOException {
    return bash(script, out, directory, Map.of());
  }

  private Process bash(String script, Path out, Path where, Map<String, String> more)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", script)
        .directory(where.toFile())
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(out.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("PATH", bin + File.pathSeparator + System.getenv("PATH"));
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("NO_COLOR", "1");
    builder.environment().putAll(more);
    return builder.start();
  }

  private static boolean ended(Process process) {
    try {
      return process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    for (Process process : background.reversed()) {
      List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
      all.add(process.toHandle());
      all.forEach(ProcessHandle::destroy);
      ended(process);
      all.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }
  }
}
