package io.dvault.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A real nginx with TLS on a free loopback port. A test that starts one has the tag {@code
 * peer:nginx}.
 */
public final class Nginx implements AutoCloseable {
  private final ServerProcess server;

  private Nginx(ServerProcess server) {
    this.server = server;
  }

  /** What nginx is started with; it need not be startable yet. */
  public record Config(Path file, Path run, int port) {
    /**
     * Writes nginx.conf.
     *
     * @param file where; paths in {@code server} are relative to its folder
     * @param run a folder for the pid file and all that nginx writes; made here
     * @param server lines of the one server block
     */
    public static Config write(Path file, Path run, String server) throws IOException {
      int port = ServerProcess.freePort();
      Files.createDirectories(run);
      Files.createDirectories(file.getParent());
      Files.writeString(
          file, """
          daemon off;
          pid %1$s/nginx.pid;
          error_log %1$s/error.log;
          events {}
          http {
            access_log off;
            client_body_temp_path %1$s/body;
            proxy_temp_path %1$s/proxy;
            fastcgi_temp_path %1$s/fastcgi;
            uwsgi_temp_path %1$s/uwsgi;
            scgi_temp_path %1$s/scgi;
            server {
              listen 127.0.0.1:%2$d ssl;
          %3$s
            }
          }
          """.formatted(run, port, server.stripTrailing().indent(4).stripTrailing()));
      return new Config(file, run, port);
    }

    /** Written by nginx once it listens. */
    public Path pidFile() {
      return run.resolve("nginx.pid");
    }
  }

  public static Nginx start(Config config) {
    List<String> command =
        List.of(Peers.path("nginx").toString(), "-c", config.file().toString());
    return new Nginx(ServerProcess.start(config.run().resolve("nginx.out"), Map.of(), command)
        .awaitReady(() -> Files.exists(config.pidFile()) && Files.size(config.pidFile()) > 0));
  }

  @Override
  public void close() {
    server.close();
  }
}
