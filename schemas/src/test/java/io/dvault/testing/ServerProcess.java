package io.dvault.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real server that a test starts. Its output is in a file; it ends with all that it started. */
public final class ServerProcess implements AutoCloseable {
  private static final Duration STARTS = Duration.ofSeconds(40);
  private static final Duration ENDS = Duration.ofSeconds(10);

  /** Whether a server is ready. */
  @FunctionalInterface
  public interface Readiness {
    boolean isReady() throws IOException;
  }

  private final Process process;
  private final Path log;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts {@code command}, with {@code environment} on top of this process's own. */
  public static ServerProcess start(
      Path log, Map<String, String> environment, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command)
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    try {
      return new ServerProcess(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits 40 s at most. Ends the server and fails the test when it does not get ready. */
  public ServerProcess awaitReady(Readiness readiness) {
    long end = System.nanoTime() + STARTS.toNanos();
    try {
      while (!readiness.isReady()) {
        if (!process.isAlive() || System.nanoTime() > end) {
          close();
          fail("the server did not start: " + log());
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
      return this;
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a server started", e);
    }
  }

  /** Waits until the server printed {@code words}. */
  public ServerProcess awaitLog(String words) {
    return awaitReady(() -> log().contains(words));
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** All that the server printed until now. */
  public String log() {
    try {
      return Files.readString(log, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A loopback port that nothing listens on. */
  public static int freePort() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    children.forEach(ProcessHandle::destroyForcibly);
    try {
      if (!process.waitFor(ENDS.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
