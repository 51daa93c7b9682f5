package io.dvault.demo;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All that runs and lies about for a demo, ended and removed when it closes, whatever happened. */
final class Stage implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private final Path folder;
  private final Engine engine;
  private final List<String> dvault;
  private final boolean keepFiles;
  private final List<AutoCloseable> open = new ArrayList<>();
  private boolean closed;

  /**
   * @param dvault the command that starts {@code dvault} as a process of its own
   * @param keepFiles whether the folder stays
   */
  Stage(Path folder, Engine engine, List<String> dvault, boolean keepFiles) {
    this.folder = folder;
    this.engine = engine;
    this.dvault = List.copyOf(dvault);
    this.keepFiles = keepFiles;
  }

  Path folder() {
    return folder;
  }

  Path vault() {
    return folder.resolve("vault");
  }

  <T extends AutoCloseable> T keep(T resource) {
    open.add(resource);
    return resource;
  }

  /** Runs {@code dvault …} in the vault's folder; its output, or a failure that quotes it. */
  String dvault(String... arguments) {
    Engine.Ran ran = engine.run(vault(), List.of(arguments));
    if (ran.exitCode() != 0) {
      throw new DemoFailure(
          "`dvault " + String.join(" ", arguments) + "` failed:\n" + ran.text().strip());
    }
    return ran.text();
  }

  /** Starts {@code dvault devnet} as a process of its own and waits until it has written where it is. */
  DevnetProcess startDevnet() throws IOException {
    Path log = folder.resolve("devnet.log");
    List<String> command = new ArrayList<>(dvault);
    command.addAll(List.of("devnet", "--rpc-port", "0", "--gateway-port", "0"));
    Process process = new ProcessBuilder(command)
        .directory(vault().toFile())
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    keep(() -> end(process));
    Path written = vault().resolve(".dvault/devnet.json");
    return Waiting.until("chain and gateway", START_LIMIT, () -> {
      if (!process.isAlive()) {
        throw new DemoFailure("`dvault devnet` ended:\n" + Files.readString(log).strip());
      }
      String said = Files.readString(log);
      return Files.exists(written) && said.contains("Ctrl-C")
          ? Optional.of(DevnetProcess.parse(Files.readString(written), said))
          : Optional.empty();
    });
  }

  private static void end(Process process) {
    List<ProcessHandle> below = process.descendants().toList();
    process.destroy();
    if (!OpenSshPeer.ended(process, Duration.ofSeconds(5))) {
      process.destroyForcibly();
    }
    below.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    for (AutoCloseable resource : open.reversed()) {
      try {
        resource.close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException("could not end " + resource, e);
      }
    }
    if (keepFiles) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
