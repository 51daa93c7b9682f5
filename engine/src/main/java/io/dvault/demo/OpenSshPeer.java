package io.dvault.demo;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real thing: OpenSSH's sshd and ssh, as the user who runs the demo. */
final class OpenSshPeer implements SshPeer {
  private static final Duration START_LIMIT = Duration.ofSeconds(10);
  private static final Duration LOGIN_LIMIT = Duration.ofSeconds(15);
  private final Path sshd;
  private final Path ssh;
  private final String version;

  private OpenSshPeer(Path sshd, Path ssh, String version) {
    this.sshd = sshd;
    this.ssh = ssh;
    this.version = version;
  }

  /** The peer, when both programs are here and this user may start a server. */
  static Optional<OpenSshPeer> find(List<Path> searchPath) throws IOException {
    Optional<Path> sshd = program("sshd", searchPath);
    Optional<Path> ssh = program("ssh", searchPath);
    if (sshd.isEmpty() || ssh.isEmpty() || !hasPrivilegeSeparation()) {
      return Optional.empty();
    }
    String words = run(List.of(ssh.get().toString(), "-V"), LOGIN_LIMIT).text();
    return Optional.of(new OpenSshPeer(
        sshd.get(), ssh.get(), words.split(",")[0].replace('_', ' ').replaceAll("p[0-9].*", "")));
  }

  private static Optional<Path> program(String name, List<Path> searchPath) {
    return Stream.concat(
            searchPath.stream(), Stream.of(Path.of("/usr/sbin"), Path.of("/usr/local/sbin")))
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  // sshd as root refuses to start without its empty folder; Debian makes it when the service
  // starts.
  private static boolean hasPrivilegeSeparation() throws IOException {
    Path folder = Path.of("/run/sshd");
    if (System.getProperty("user.name").equals("root")
        && Files.isWritable(Path.of("/run"))
        && !Files.exists(folder)) {
      Files.createDirectory(folder);
    }
    return !System.getProperty("user.name").equals("root") || Files.isDirectory(folder);
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public void generateKey(Path file, String comment) throws IOException {
    Path keygen = ssh.resolveSibling("ssh-keygen");
    require(
        run(
            List.of(
                keygen.toString(),
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-C",
                comment,
                "-f",
                file.toString()),
            LOGIN_LIMIT),
        "ssh-keygen");
  }

  @Override
  public Server start(ServerFiles files) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path config = files.folder().resolve("sshd_config");
    Path log = files.folder().resolve("sshd.log");
    Files.write(
        config,
        List.of(
            "# Written by `dvault demo` for " + files.device(),
            "ListenAddress 127.0.0.1",
            "Port " + port,
            "HostKey " + files.hostKey(),
            "HostCertificate " + files.hostKey() + "-cert.pub",
            "AuthorizedKeysFile " + files.authorizedKeys(),
            "AuthenticationMethods publickey",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "UsePAM no",
            "PermitRootLogin prohibit-password",
            "StrictModes no",
            "ExposeAuthInfo yes",
            "PidFile none",
            "PrintMotd no",
            "SetEnv HOME="
                + files.folder())); // the user's own .bashrc may say things, or wait for some
    require(run(List.of(sshd.toString(), "-t", "-f", config.toString()), LOGIN_LIMIT), "sshd -t");
    Process process = new ProcessBuilder(sshd.toString(), "-D", "-e", "-f", config.toString())
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    awaitListening(process, log);
    return new Daemon(process, port);
  }

  private static void awaitListening(Process process, Path log) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!Files.readString(log).contains("Server listening")) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new IOException("sshd did not start: " + Files.readString(log).strip());
      }
      pause();
    }
  }

  @Override
  public Login login(Server server, ClientFiles files) throws IOException {
    Ran ran = run(command(server, files, "echo uid=$(id -un)"), LOGIN_LIMIT);
    String last = ran.text()
        .lines()
        .filter(line -> !line.isBlank())
        .reduce((first, second) -> second)
        .orElse("no answer");
    return new Login(ran.exitCode() == 0, last.replaceFirst("^.*@127\\.0\\.0\\.1: ", ""));
  }

  @Override
  public Session open(Server server, ClientFiles files) throws IOException {
    Path marker = Files.createTempFile(files.privateKey().getParent(), "session", ".out");
    Process process = new ProcessBuilder(command(server, files, "echo in; exec sleep 300"))
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(marker.toFile())
        .start();
    long deadline = System.nanoTime() + LOGIN_LIMIT.toNanos();
    while (!Files.readString(marker).contains("in")) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new IOException(
            "the session did not open: " + Files.readString(marker).strip());
      }
      pause();
    }
    return new Live(process);
  }

  private List<String> command(Server server, ClientFiles files, String remote) {
    List<String> command = new ArrayList<>(
        List.of(ssh.toString(), "-F", "/dev/null", "-p", Integer.toString(server.port())));
    Stream.of(
            "BatchMode=yes",
            "IdentitiesOnly=yes",
            "IdentityAgent=none",
            "IdentityFile=" + files.privateKey(),
            "StrictHostKeyChecking=yes",
            "GlobalKnownHostsFile=/dev/null",
            "UserKnownHostsFile=" + files.knownHosts(),
            "HostKeyAlias=" + files.hostName(),
            "ConnectTimeout=5",
            "LogLevel=ERROR")
        .forEach(option -> command.addAll(List.of("-o", option)));
    command.addAll(List.of("127.0.0.1", remote));
    return command;
  }

  private record Ran(int exitCode, String text) {}

  private static void require(Ran ran, String what) throws IOException {
    if (ran.exitCode() != 0) {
      throw new IOException(
          what + " exited " + ran.exitCode() + ": " + ran.text().strip());
    }
  }

  private static Ran run(List<String> command, Duration limit) throws IOException {
    Process process = new ProcessBuilder(command)
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .start();
    // The output of these commands is a few lines: it fits the pipe, so reading after the end
    // cannot block.
    if (!ended(process, limit)) {
      process.destroyForcibly();
      throw new IOException(command.getFirst() + " did not end within " + limit.toSeconds() + " s");
    }
    return new Ran(
        process.exitValue(),
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  static boolean ended(Process process, Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private record Daemon(Process process, int port) implements Server {
    @Override
    public void close() {
      List<ProcessHandle> sessions = process.descendants().toList();
      process.destroy();
      sessions.forEach(ProcessHandle::destroy);
      if (!ended(process, Duration.ofSeconds(5))) {
        process.destroyForcibly();
      }
    }
  }

  private record Live(Process process) implements Session {
    @Override
    public boolean isOpen() {
      return process.isAlive();
    }

    @Override
    public boolean awaitEnd(Duration limit) {
      return ended(process, limit);
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
