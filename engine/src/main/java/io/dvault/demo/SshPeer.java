package io.dvault.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** An SSH server and client to log in with: OpenSSH's own, or Apache MINA SSHD. */
interface SshPeer {
  /** {@code OpenSSH 9.2}. */
  String version();

  /** Writes a new Ed25519 key pair in OpenSSH's form to {@code file} and {@code file.pub}. */
  void generateKey(Path file, String comment) throws IOException;

  /** Starts a server on loopback that takes keys from {@code files.authorizedKeys()} alone. */
  Server start(ServerFiles files) throws IOException;

  /** Tries to log in as {@code alice} and runs {@code id -un}. */
  Login login(Server server, ClientFiles files) throws IOException;

  /** Logs in and stays. */
  Session open(Server server, ClientFiles files) throws IOException;

  /**
   * Where a server finds its files.
   *
   * @param hostKey private key file with {@code -cert.pub} beside it
   * @param folder for the server's own configuration and log
   */
  record ServerFiles(String device, Path hostKey, Path authorizedKeys, Path folder) {}

  /** @param knownHosts a file with the {@code @cert-authority} line */
  record ClientFiles(Path privateKey, Path knownHosts, String hostName) {}

  /** A running server; closing ends it and its sessions. */
  interface Server extends AutoCloseable {
    int port();

    @Override
    void close();
  }

  /** A session that somebody is in. */
  interface Session extends AutoCloseable {
    boolean isOpen();

    /** Waits for the end, {@code limit} at most; returns whether it came. */
    boolean awaitEnd(Duration limit);

    @Override
    void close();
  }

  /** What a login came to: {@code words} are the client's own, one line. */
  record Login(boolean entered, String words) {}
}
