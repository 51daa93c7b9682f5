package io.dvault.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Nginx;
import io.dvault.testing.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real nginx that asks callers for certificates, with files that agents keep: issue, renewal, end, another CA. */
@Tag("slow")
@Timeout(150)
@Tag("O8")
@Tag("I2")
@Tag("peer:nginx")
@Tag("peer:curl")
@Tag("peer:openssl")
class MutualTlsTest {
  private static final Duration ARRIVES = Duration.ofSeconds(40);
  private static final String AGENT = "poll: 1s\nfolders: [/etc/tls]\n";
  private static final String IN = "200 in as ";
  private static final String OUT = "400";

  @TempDir
  Path folder;

  private Nginx.Config nginx;

  /** A client's files as a thief, or a program of before, would have them. */
  private record Pair(Path certificate, Path key) {}

  @Test
  void nginx_filesOfTheAgent_letInWhoHoldsACertificateAndNobodyElse() throws Exception {
    try (TestStage stage = new TestStage(folder.resolve("stage"), new Commands(), "1s")) {
      Props props = stage.props;
      AgentProcess server =
          stage.enroll("server", AGENT + nginxConfig(stage.folder().resolve("server")));
      AgentProcess client = stage.enroll("client", AGENT);
      server.start();
      client.start();
      authority(props);
      certificate(
          props,
          "web",
          "server",
          "dnsNames: [localhost], usages: [server], ttl: 1h",
          ", ca: ca.crt, action: reload-nginx");
      certificate(
          props,
          "audit",
          "client",
          "commonName: audit, dnsNames: [audit.example], usages: [client], ttl: 1h",
          "");
      stage.dvault("authority", "create", "services");
      stage.dvault("apply", "-auto-approve");
      Path served = arrived(server, "web.crt");
      Path audit = arrived(client, "audit.crt");
      Path roots = arrived(client, "services.ca.crt");
      stage.keep(Nginx.start(nginx));

      Pair held = copy(audit, "audit");
      assertEquals(IN + "CN=audit", call(roots, Optional.of(held)));
      assertEquals(OUT, call(roots, Optional.empty()), "without a certificate");
      assertEquals(
          OUT, call(roots, Optional.of(copy(served, "web"))), "with one that is for servers alone");

      String before = Files.readString(served);
      assertTrue(
          shown(roots).contains(before), "nginx shows the certificate that the agent installed");
      stage.dvault("apply", "-auto-approve", "-replace", "TlsCertificate/web@server");
      Waiting.until(
          "the next certificate at nginx",
          ARRIVES,
          () -> given(shown(roots).contains(Files.readString(served))
              && !Files.readString(served).equals(before)));
      assertEquals(IN + "CN=audit", call(roots, Optional.of(held)));

      aCertificateThatEnds(stage, props, client, roots);

      // A revoked one goes from its device. A copy of it lives on: there is no CRL, docs/tls.md
      // says so…
      Files.delete(stage.vault().resolve("audit.yaml"));
      stage.dvault("revoke", "TlsCertificate/audit@client", "--reason", "done", "-auto-approve");
      Waiting.until("no audit.key on the client", ARRIVES, () -> given(Files.notExists(audit)));
      assertEquals(
          IN + "CN=audit",
          call(roots, Optional.of(held)),
          "if this is refused now, tell docs/tls.md");

      // …until the authority has another key and the one before is taken away.
      stage.dvault("authority", "create", "services");
      Files.delete(stage.vault().resolve("authorities/services.1.pub"));
      stage.dvault("apply", "-auto-approve");
      Waiting.until(
          "nginx with the second CA",
          ARRIVES,
          () -> given(call(roots, Optional.of(held)).equals(OUT)));
      assertTrue(Peers.run("openssl", "x509", "-noout", "-issuer", "-in", served.toString())
          .requireSuccess()
          .contains("services.2"));
    }
  }

  /** With nobody who renews it: the agent takes it away, and nginx refuses what somebody kept. */
  private void aCertificateThatEnds(TestStage stage, Props props, AgentProcess client, Path roots)
      throws Exception {
    certificate(
        props,
        "guest",
        "client",
        "commonName: guest, dnsNames: [guest.example], ttl: 15s, renewBefore: 1s",
        "");
    stage.dvault("apply", "-auto-approve");
    Path guest = arrived(client, "guest.crt");
    Pair kept = copy(guest, "guest");
    assertEquals(IN + "CN=guest", call(roots, Optional.of(kept)));
    Waiting.until("no guest.crt on the client", ARRIVES, () -> given(Files.notExists(guest)));
    assertFalse(Files.exists(guest.resolveSibling("guest.key")));
    assertEquals(OUT, call(roots, Optional.of(kept)), "after its end");
  }

  private static void authority(Props props) throws IOException {
    props.write("authorities/services.yaml", """
        apiVersion: dvault.io/v1
        kind: Authority
        metadata: {name: services}
        spec: {type: tls, trustedBy: {devices: {names: [client]}, install: {path: /etc/tls}}}
        """);
  }

  private static void certificate(
      Props props, String name, String device, String fields, String install) throws IOException {
    props.write(name + ".yaml", """
        apiVersion: dvault.io/v1
        kind: TlsCertificate
        metadata: {name: %s}
        spec: {authority: services, devices: {names: [%s]}, %s, install: {path: /etc/tls%s}}
        """.formatted(name, device, fields, install));
  }

  /** Writes nginx.conf; returns how the agent reloads it. */
  private String nginxConfig(Path root) throws IOException {
    nginx = Nginx.Config.write(root.resolve("etc/nginx.conf"), root.resolve("run"), """
        ssl_certificate tls/web.crt;
        ssl_certificate_key tls/web.key;
        ssl_client_certificate tls/ca.crt;
        ssl_verify_client on;
        location / { return 200 "in as $ssl_client_s_dn"; }
        """);
    return """
        actions:
          reload-nginx:
            check: [%1$s, -t, -q, -c, "{root}/etc/nginx.conf"]
            run: [sh, -c, "test ! -s {root}/run/nginx.pid || %1$s -q -c {root}/etc/nginx.conf -s reload"]
        """.formatted(Peers.path("nginx"));
  }

  /** What curl sees: the status, and when it was let in, as whom. */
  private String call(Path roots, Optional<Pair> caller) {
    List<String> command = new ArrayList<>(List.of(
        "curl",
        "-s",
        "--max-time",
        "10",
        "--cacert",
        roots.toString(),
        "-w",
        "\n%{http_code}",
        "https://localhost:" + nginx.port() + "/"));
    caller.ifPresent(pair -> command.addAll(
        List.of("--cert", pair.certificate().toString(), "--key", pair.key().toString())));
    List<String> said = Peers.run(command).text().lines().toList();
    return said.isEmpty()
        ? ""
        : said.getLast().equals("200") ? said.getLast() + " " + said.getFirst() : said.getLast();
  }

  /** The certificate that nginx shows to whoever connects, in PEM among other words. */
  private String shown(Path roots) {
    return Peers.run(
            "openssl",
            "s_client",
            "-connect",
            "127.0.0.1:" + nginx.port(),
            "-servername",
            "localhost",
            "-CAfile",
            roots.toString())
        .text();
  }

  private static Path arrived(AgentProcess agent, String file) throws IOException {
    Path path = agent.root().resolve("etc/tls").resolve(file);
    Waiting.until(path + " of " + agent.device(), ARRIVES, () -> given(Files.exists(path)));
    return path;
  }

  private Pair copy(Path certificate, String name) throws IOException {
    Path key =
        certificate.resolveSibling(certificate.getFileName().toString().replace(".crt", ".key"));
    return new Pair(
        Files.copy(certificate, folder.resolve(name + ".crt")),
        Files.copy(key, folder.resolve(name + ".key")));
  }

  private static Optional<Boolean> given(boolean seen) {
    return seen ? Optional.of(true) : Optional.empty();
  }
}
