package io.dvault.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real sshd on a free loopback port, and the real ssh as its client. A test that starts one has
 * the tags {@code peer:sshd}, {@code peer:ssh} and {@code peer:ssh-keygen}.
 */
public final class Sshd implements AutoCloseable {
  private final ServerProcess server;
  private final int port;

  private Sshd(ServerProcess server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts sshd with keys as the only way in.
   *
   * @param folder takes sshd's configuration and log, and is HOME of sessions: no .bashrc is read
   * @param settings lines of sshd_config: the host key, and which keys may log in
   */
  public static Sshd start(Path folder, String... settings) throws IOException {
    if (System.getProperty("user.name").equals("root")) {
      Files.createDirectories(Path.of("/run/sshd")); // sshd as root refuses to start without it
    }
    int port = ServerProcess.freePort();
    List<String> lines = new ArrayList<>(List.of(settings));
    lines.addAll(List.of(
        "Port " + port,
        "ListenAddress 127.0.0.1",
        "PidFile none",
        "UsePAM no",
        "StrictModes no",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "PermitRootLogin prohibit-password",
        "SetEnv HOME=" + folder));
    Path config = Files.write(folder.resolve("sshd_config"), lines);
    List<String> command =
        List.of(Peers.path("sshd").toString(), "-D", "-e", "-f", config.toString());
    return new Sshd(
        ServerProcess.start(folder.resolve("sshd.log"), Map.of(), command)
            .awaitLog("Server listening"),
        port);
  }

  /** Makes an Ed25519 key without a passphrase, and its public key in {@code file.pub}. */
  public static Path newKey(Path file) {
    Peers.run(
            "ssh-keygen",
            "-q",
            "-t",
            "ed25519",
            "-N",
            "",
            "-C",
            file.getFileName().toString(),
            "-f",
            file.toString())
        .requireSuccess();
    return file;
  }

  /**
   * The command line of a client that reads no configuration of this machine and trusts any host
   * key.
   *
   * @param options words of {@code ssh -o}; they come before the client's own, so they win
   */
  public List<String> ssh(Path key, List<String> options, String... remote) {
    List<String> command = new ArrayList<>(
        List.of("ssh", "-F", "none", "-p", Integer.toString(port), "-i", key.toString()));
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(
        "IdentitiesOnly=yes",
        "IdentityAgent=none",
        "BatchMode=yes",
        "StrictHostKeyChecking=no",
        "UserKnownHostsFile=/dev/null",
        "GlobalKnownHostsFile=/dev/null",
        "LogLevel=ERROR"));
    all.forEach(option -> command.addAll(List.of("-o", option)));
    command.add("127.0.0.1");
    command.addAll(List.of(remote));
    return command;
  }

  /** Logs in and runs {@code echo in}: that word is all the output of a login that works. */
  public String login(Path key, String... options) {
    return Peers.run(ssh(key, List.of(options), "echo", "in")).text().strip();
  }

  public ServerProcess server() {
    return server;
  }

  @Override
  public void close() {
    server.close();
  }
}
