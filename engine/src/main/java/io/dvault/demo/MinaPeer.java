package io.dvault.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.KnownHostsServerKeyVerifier;
import org.apache.sshd.client.keyverifier.RejectAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.server.shell.ProcessShellCommandFactory;

/**
 * Apache MINA SSHD, where there is no OpenSSH. It reads the same authorized_keys file. MINA itself
 * does not hold lines to
 * their expiry-time nor end sessions, so this server does both, twice a second.
 */
final class MinaPeer implements SshPeer {
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final DateTimeFormatter EXPIRY = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

  @Override
  public String version() {
    String version = SshServer.class.getPackage().getImplementationVersion();
    return "Apache MINA SSHD" + (version == null ? "" : " " + version);
  }

  @Override
  public void generateKey(Path file, String comment) throws IOException {
    try (var privatePart = Files.newOutputStream(file);
        var publicPart = Files.newOutputStream(Path.of(file + ".pub"))) {
      KeyPair pair = SecurityUtils.getKeyPairGenerator(SecurityUtils.ED25519).generateKeyPair();
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, comment, null, privatePart);
      OpenSSHKeyPairResourceWriter.INSTANCE.writePublicKey(pair, comment, publicPart);
    } catch (java.security.GeneralSecurityException e) {
      throw new IOException("cannot make a key pair", e);
    }
  }

  @Override
  public Server start(ServerFiles files) throws IOException {
    SshServer server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(new FileKeyPairProvider(files.hostKey()));
    Map<ServerSession, PublicKey> sessions = new ConcurrentHashMap<>();
    server.setPublickeyAuthenticator((user, key, session) -> {
      boolean allowed = allows(files.authorizedKeys(), key);
      if (allowed) {
        sessions.put(session, key);
      }
      return allowed;
    });
    server.setCommandFactory(ProcessShellCommandFactory.INSTANCE);
    server.start();
    Thread watch =
        Thread.ofVirtual().start(() -> endExpired(server, files.authorizedKeys(), sessions));
    return new Running(server, watch);
  }

  private static void endExpired(
      SshServer server, Path authorizedKeys, Map<ServerSession, PublicKey> sessions) {
    while (!Thread.currentThread().isInterrupted() && server.isOpen()) {
      sessions.forEach((session, key) -> {
        if (!session.isOpen() || !allows(authorizedKeys, key)) {
          session.close(true);
          sessions.remove(session);
        }
      });
      try {
        Thread.sleep(500);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean allows(Path authorizedKeys, PublicKey key) {
    try {
      if (!Files.exists(authorizedKeys)) {
        return false;
      }
      for (AuthorizedKeyEntry entry : AuthorizedKeyEntry.readAuthorizedKeys(authorizedKeys)) {
        String expiry = entry.getLoginOptions().get("expiry-time");
        if (KeyUtils.compareKeys(entry.resolvePublicKey(null, PublicKeyEntryResolver.IGNORING), key)
            && (expiry == null || Instant.now().isBefore(instant(expiry)))) {
          return true;
        }
      }
      return false;
    } catch (IOException | java.security.GeneralSecurityException e) {
      return false; // a file that cannot be read lets nobody in, as in sshd
    }
  }

  private static Instant instant(String expiry) {
    return LocalDateTime.parse(expiry.replace("\"", "").replace("Z", ""), EXPIRY)
        .toInstant(ZoneOffset.UTC);
  }

  @Override
  public Login login(Server server, ClientFiles files) throws IOException {
    try (Connection connection = connect(server, files)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (ChannelExec channel = connection.session().createExecChannel("id -un")) {
        channel.setOut(out);
        channel.open().verify(LIMIT);
        channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), LIMIT);
      }
      return new Login(true, "uid=" + out.toString(StandardCharsets.UTF_8).strip());
    } catch (Refused e) {
      return new Login(false, e.getMessage());
    }
  }

  @Override
  public Session open(Server server, ClientFiles files) throws IOException {
    Connection connection = connect(server, files);
    ChannelExec channel = connection.session().createExecChannel("sleep 300");
    channel.open().verify(LIMIT);
    return new Live(connection, channel);
  }

  private static Connection connect(Server server, ClientFiles files) throws IOException {
    SshClient client = SshClient.setUpDefaultClient();
    client.setServerKeyVerifier(new HostVerifier(files));
    client.start();
    try {
      ClientSession session = client
          .connect(System.getProperty("user.name"), "127.0.0.1", server.port())
          .verify(LIMIT)
          .getSession();
      try {
        for (KeyPair pair : keys(files.privateKey())) {
          session.addPublicKeyIdentity(pair);
        }
        session.auth().verify(LIMIT);
        return new Connection(client, session);
      } catch (IOException e) {
        session.close();
        throw new Refused("Permission denied (publickey)", e);
      }
    } catch (IOException e) {
      client.stop();
      throw e;
    }
  }

  private static Collection<KeyPair> keys(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return List.of(
          SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName(file.toString()), in, null)
              .iterator()
              .next());
    } catch (java.security.GeneralSecurityException e) {
      throw new IOException("cannot read " + file, e);
    }
  }

  /** Takes a host whose certificate an authority in known_hosts signed, or whose plain key stands there. */
  private static final class HostVerifier extends KnownHostsServerKeyVerifier {
    HostVerifier(ClientFiles files) {
      super(RejectAllServerKeyVerifier.INSTANCE, files.knownHosts());
      this.hostName = files.hostName();
    }

    private final String hostName;

    @Override
    public boolean verifyServerKey(ClientSession session, SocketAddress address, PublicKey key) {
      return super.verifyServerKey(
          session, new org.apache.sshd.common.util.net.SshdSocketAddress(hostName, 22), key);
    }
  }

  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private record Connection(SshClient client, ClientSession session) implements AutoCloseable {
    @Override
    public void close() {
      session.close(true);
      client.stop();
    }
  }

  private record Live(Connection connection, ChannelExec channel) implements Session {
    @Override
    public boolean isOpen() {
      return connection.session().isOpen();
    }

    @Override
    public boolean awaitEnd(Duration limit) {
      return connection
          .session()
          .waitFor(EnumSet.of(ClientSession.ClientSessionEvent.CLOSED), limit)
          .contains(ClientSession.ClientSessionEvent.CLOSED);
    }

    @Override
    public void close() {
      connection.close();
    }
  }

  private record Running(SshServer server, Thread watch) implements Server {
    @Override
    public int port() {
      return server.getPort();
    }

    @Override
    public void close() {
      watch.interrupt();
      try {
        server.stop(true);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
