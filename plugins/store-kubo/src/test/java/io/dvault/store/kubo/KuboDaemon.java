package io.dvault.store.kubo;

import static org.junit.jupiter.api.Assertions.fail;

import io.dvault.testing.Peers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Kubo with a repository of its own, offline, on free loopback ports. Skips the test where there is none. */
public final class KuboDaemon implements AutoCloseable {
  private final Path ipfs;
  private final Path repository;
  private final Process process;

  private KuboDaemon(Path ipfs, Path repository, Process process) {
    this.ipfs = ipfs;
    this.repository = repository;
    this.process = process;
  }

  /** @param configuration {@code ipfs config} arguments, one list a call */
  @SafeVarargs
  public static KuboDaemon start(Path folder, List<String>... configuration) throws Exception {
    Path ipfs = Peers.require("ipfs");
    Path repository = folder.resolve("ipfs");
    command(ipfs, repository, List.of("init", "-e", "--profile=test"));
    command(ipfs, repository, List.of("config", "Addresses.API", "/ip4/127.0.0.1/tcp/0"));
    command(ipfs, repository, List.of("config", "Addresses.Gateway", "/ip4/127.0.0.1/tcp/0"));
    for (List<String> each : configuration) {
      List<String> arguments = new ArrayList<>(List.of("config"));
      arguments.addAll(each);
      command(ipfs, repository, arguments);
    }
    Process process = builder(ipfs, repository, List.of("daemon", "--offline"))
        .redirectOutput(folder.resolve("ipfs.log").toFile()).start();
    KuboDaemon daemon = new KuboDaemon(ipfs, repository, process);
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.readString(folder.resolve("ipfs.log")).contains("Daemon is ready")) {
      if (System.nanoTime() > giveUp || !process.isAlive()) {
        daemon.close();
        fail("Kubo did not start: " + Files.readString(folder.resolve("ipfs.log")));
      }
      Thread.sleep(50);
    }
    return daemon;
  }

  private static ProcessBuilder builder(Path ipfs, Path repository, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(ipfs.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("IPFS_PATH", repository.toString());
    return builder;
  }

  private static String command(Path ipfs, Path repository, List<String> arguments) throws Exception {
    Path out = Files.createTempFile(repository.toAbsolutePath().getParent(), "ipfs", ".out");
    Process process = builder(ipfs, repository, arguments).redirectOutput(out.toFile()).start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      fail("ipfs " + arguments + ": " + Files.readString(out));
    }
    return Files.readString(out);
  }

  /** Runs {@code ipfs} with these arguments against this daemon and returns what it said. */
  public String ipfs(String... arguments) throws Exception {
    return command(ipfs, repository, List.of(arguments));
  }

  public URI api() throws IOException {
    String[] parts = Files.readString(repository.resolve("api")).strip().split("/"); // /ip4/127.0.0.1/tcp/PORT
    return URI.create("http://127.0.0.1:" + parts[4]);
  }

  public URI gateway() throws IOException {
    return URI.create(Files.readString(repository.resolve("gateway")).strip());
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
