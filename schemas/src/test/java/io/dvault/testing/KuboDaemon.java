package io.dvault.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real Kubo with a repository of its own, offline, on free loopback ports. A test that starts one
 * has the tag {@code peer:ipfs}.
 */
public final class KuboDaemon implements AutoCloseable {
  private final Path repository;
  private final ServerProcess server;

  private KuboDaemon(Path repository, ServerProcess server) {
    this.repository = repository;
    this.server = server;
  }

  /**
   * Keeps everything in {@code folder}.
   *
   * @param configuration {@code ipfs config} arguments, one list a call
   */
  @SafeVarargs
  public static KuboDaemon start(Path folder, List<String>... configuration) throws IOException {
    Path repository = Files.createDirectories(folder).resolve("ipfs");
    ipfs(repository, List.of("init", "-e", "--profile=test"));
    List<List<String>> settings = new ArrayList<>();
    for (String listener : List.of("Addresses.API", "Addresses.Gateway")) {
      settings.add(List.of(listener, "/ip4/127.0.0.1/tcp/0"));
    }
    for (List<String> setting : configuration) {
      settings.add(setting);
    }
    for (List<String> each : settings) {
      List<String> words = new ArrayList<>(List.of("config"));
      words.addAll(each);
      ipfs(repository, words);
    }
    ServerProcess server = ServerProcess.start(
        folder.resolve("ipfs.log"), Map.of(), command(repository, List.of("daemon", "--offline")));
    return new KuboDaemon(repository, server.awaitLog("Daemon is ready"));
  }

  private static List<String> command(Path repository, List<String> words) {
    List<String> command =
        new ArrayList<>(List.of(Peers.path("ipfs").toString(), "--repo-dir=" + repository));
    command.addAll(words);
    return command;
  }

  /** Runs {@code ipfs} to its end on a repository; returns its output. */
  public static String ipfs(Path repository, List<String> words) {
    Peers.Output output = Peers.run(command(repository, words));
    if (output.exitCode() != 0) {
      fail("ipfs " + words + ": " + output.text());
    }
    return output.text();
  }

  /** Runs {@code ipfs} with these arguments against this daemon; returns its output. */
  public String ipfs(String... words) {
    return ipfs(repository, List.of(words));
  }

  public URI api() throws IOException {
    String address = Files.readString(repository.resolve("api")).strip();
    return URI.create("http://127.0.0.1:" + address.split("/")[4]); // /ip4/127.0.0.1/tcp/PORT
  }

  public URI gateway() throws IOException {
    return URI.create(Files.readString(repository.resolve("gateway")).strip());
  }

  @Override
  public void close() {
    server.close();
  }
}
