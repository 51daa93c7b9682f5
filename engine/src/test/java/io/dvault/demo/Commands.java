package io.dvault.demo;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;

/** {@code dvault} and {@code dvault-agent} as processes of their own that run what is under test. */
final class Commands implements Engine {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private final Set<Path> folders = ConcurrentHashMap.newKeySet();
  private final String classPath;

  /** @param plugins folders or jars that are put on the class path beside what is under test */
  Commands(Path... plugins) {
    StringJoiner all =
        new StringJoiner(File.pathSeparator).add(System.getProperty("java.class.path"));
    List.of(plugins).forEach(plugin -> all.add(plugin.toString()));
    classPath = all.toString();
  }

  /** The folders that commands were run in. */
  Set<Path> folders() {
    return Set.copyOf(folders);
  }

  List<String> dvault() {
    return java("io.dvault.cli.Dvault");
  }

  List<String> agent() {
    return java("io.dvault.agent.Main");
  }

  // The launchers would look whether a build is due, in the middle of one.
  private List<String> java(String mainClass) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xshare:auto",
        "-Dsun.misc.unsafe.memory.access=allow",
        "-Ddvault.home=" + System.getProperty("dvault.root"),
        "-cp",
        classPath,
        mainClass);
  }

  @Override
  public Ran run(Path folder, List<String> arguments) {
    folders.add(folder);
    List<String> command = new ArrayList<>(dvault());
    command.addAll(arguments);
    try {
      Path out = Files.createTempFile("dvault-command-", ".out");
      try {
        ProcessBuilder builder = new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("DVAULT_"));
        builder.environment().put("HOME", folder.toString());
        Process process = builder.start();
        if (!OpenSshPeer.ended(process, LIMIT)) {
          process.destroyForcibly();
          throw new AssertionError(
              "dvault " + arguments + " did not end:\n" + Files.readString(out));
        }
        return new Ran(process.exitValue(), Files.readString(out));
      } finally {
        Files.delete(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
