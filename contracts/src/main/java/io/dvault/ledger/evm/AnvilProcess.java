package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.LedgerException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A local devnet: one anvil process on loopback, ended by {@link #close}. Errors: DV701 no binary, DV702 no start. */
public final class AnvilProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(10);
  private static final Pattern LISTENING = Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+)");
  private static final int MAX_TAIL = 5;

  /**
   * @param port 0 for a free one
   * @param state file that keeps the chain between runs; empty for a chain that is forgotten
   * @param home dVault's home folder, where the npm package's binary is looked up when PATH has no anvil
   */
  public record Options(int port, Optional<Path> state, long chainId, Optional<Path> home) {
    /** A free port, no state, chain 31337, home from the system property {@code dvault.home} or {@code dvault.root}. */
    public static Options defaults() {
      return new Options(0, Optional.empty(), EvmKeys.DEVNET_CHAIN_ID, Optional.empty());
    }

    public Options withPort(int other) {
      return new Options(other, state, chainId, home);
    }

    public Options withState(Path file) {
      return new Options(port, Optional.of(file), chainId, home);
    }

    public Options withChainId(long other) {
      return new Options(port, state, other, home);
    }
  }

  private final Process process;
  private final URI rpc;
  private final long chainId;
  private final String version;
  private final Thread hook;

  private AnvilProcess(Process process, URI rpc, long chainId, String version) {
    this.process = process;
    this.rpc = rpc;
    this.chainId = chainId;
    this.version = version;
    this.hook = new Thread(process::destroy, "dvault-anvil-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Returns when anvil answers. */
  public static AnvilProcess start(Options options) {
    Path binary = binary(options);
    List<String> command = new ArrayList<>(List.of(
        binary.toString(),
        "--host",
        "127.0.0.1",
        "--port",
        String.valueOf(options.port()),
        "--chain-id",
        String.valueOf(options.chainId()),
        "--hardfork",
        "cancun"));
    // The file is written at the end and every few seconds: a devnet that is killed loses little.
    options
        .state()
        .ifPresent(file -> command.addAll(List.of(
            "--state",
            file.toAbsolutePath().toString(),
            "--state-interval",
            "2",
            "--preserve-historical-states")));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
    } catch (IOException e) {
      throw EvmKeys.mistake(
          "DV702", "anvil does not start", binary + ": " + Rpc.printable(e.getMessage()) + ".");
    }
    CompletableFuture<Integer> port = new CompletableFuture<>();
    List<String> tail = new ArrayList<>();
    Thread.ofPlatform().daemon().name("dvault-anvil-output").start(() -> read(process, port, tail));
    try {
      URI rpc = URI.create("http://127.0.0.1:" + port.get(START.toSeconds(), TimeUnit.SECONDS));
      String client;
      try (Failover endpoint = Failover.of(EndpointSettings.of(rpc))) {
        client = endpoint.call("web3_clientVersion").asText();
      }
      return new AnvilProcess(
          process, rpc, options.chainId(), client.replace("/v", " ").split("[-+]", 2)[0]);
    } catch (ExecutionException | TimeoutException | LedgerException | Json.MalformedAnswer e) {
      process.destroyForcibly();
      throw EvmKeys.mistake("DV702", "anvil does not start", notStarted(options, tail));
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new LedgerException("interrupted while anvil started", e);
    }
  }

  private static String notStarted(Options options, List<String> tail) {
    synchronized (tail) {
      String said = Rpc.printable(String.join(" / ", tail));
      return said.toLowerCase(Locale.ROOT).contains("in use")
          ? "Port " + options.port() + " is taken by another program."
          : tail.isEmpty() ? "It said nothing." : "It said: " + said;
    }
  }

  // Reads for as long as anvil writes: a full pipe would stop it. Its banner, with keys, goes
  // nowhere.
  private static void read(Process process, CompletableFuture<Integer> port, List<String> tail) {
    try (BufferedReader lines = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher listening = LISTENING.matcher(line);
        if (listening.find()) {
          port.complete(Integer.valueOf(listening.group(1)));
        }
        if (!port.isDone() && !line.isBlank()) {
          synchronized (tail) {
            tail.add(line.strip());
            if (tail.size() > MAX_TAIL) {
              tail.removeFirst();
            }
          }
        }
      }
      port.completeExceptionally(new IOException("anvil ended"));
    } catch (IOException e) {
      port.completeExceptionally(e);
    }
  }

  private static Path binary(Options options) {
    String name = windows() ? "anvil.exe" : "anvil";
    Optional<Path> onPath = Stream.of(
            Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
    return onPath
        .or(() -> fromNpm(options, name))
        .orElseThrow(() -> EvmKeys.mistake(
            "DV701",
            "anvil not found",
            "The devnet needs anvil on PATH, or its npm package in contracts/node_modules.",
            "Run npm ci in contracts/ (the build does it), or install Foundry."));
  }

  private static Optional<Path> fromNpm(Options options, String name) {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String os = windows() ? "win32" : system.startsWith("mac") ? "darwin" : "linux";
    String arch = System.getProperty("os.arch").matches("aarch64|arm64") ? "arm64" : "amd64";
    return Stream.of(options.home(), property("dvault.home"), property("dvault.root"))
        .flatMap(Optional::stream)
        .map(home -> home.resolve(
            "contracts/node_modules/@foundry-rs/anvil-" + os + "-" + arch + "/bin/" + name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Optional<Path> property(String name) {
    return Optional.ofNullable(System.getProperty(name)).map(Path::of);
  }

  private static boolean windows() {
    return System.getProperty("os.name").startsWith("Windows");
  }

  public URI rpc() {
    return rpc;
  }

  public EndpointSettings endpoint() {
    return EndpointSettings.of(rpc);
  }

  public long chainId() {
    return chainId;
  }

  /** {@code anvil 1.7.1}. */
  public String version() {
    return version;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Ends anvil and waits for its end: with a state file, the chain is on disk then. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the JVM is ending: the hook runs anyway
    }
  }
}
