package io.dvault.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Real programs that tests talk to. A test names each one in a tag, {@code @Tag("peer:sshd")}, and
 * {@link PeerCondition} skips or fails it where that program is missing.
 */
public final class Peers {
  private Peers() {}

  /** The path of a program that a tag of the running test names. */
  public static Path path(String program) {
    return find(program)
        .orElseThrow(() -> new IllegalStateException(
            program + " is missing: the test needs @Tag(\"peer:" + program + "\")"));
  }

  /** The program's path; looks on PATH, in /usr/sbin and in Go's bin folder. */
  public static Optional<Path> find(String program) {
    Stream<String> path = Stream.of(System.getenv("PATH").split(File.pathSeparator));
    Stream<String> more = Stream.of("/usr/sbin", System.getProperty("user.home") + "/go/bin");
    return Stream.concat(path, more)
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** What a program said: both streams together. */
  public record Output(int exitCode, String text) {
    public String requireSuccess() {
      if (exitCode != 0) {
        fail("exit code " + exitCode + ": " + text);
      }
      return text;
    }
  }

  /** Runs a command to its end, 60 s at most, with nothing on standard input. */
  public static Output run(List<String> command) {
    try {
      Path out = Files.createTempFile("peer", ".out");
      Process process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(out.toFile())
          .redirectInput(new File("/dev/null"))
          .start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        fail(command + " did not end within 60 s: " + Files.readString(out));
      }
      String text = Files.readString(out);
      Files.delete(out);
      return new Output(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command + " ran", e);
    }
  }

  public static Output run(String... command) {
    return run(List.of(command));
  }
}
