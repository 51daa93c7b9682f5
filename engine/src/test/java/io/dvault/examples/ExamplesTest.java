package io.dvault.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Peers;
import io.dvault.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The READMEs of {@code examples/}, played as written on a devnet of their own, with agents and
 * what reads their files.
 */
class ExamplesTest {
  private static final Path ROOT = Path.of(System.getProperty("dvault.root", ".."));

  @TempDir
  Path scratch;

  @Test
  @Tag("O3")
  @Tag("O14")
  @Tag("O15")
  @Tag("I7")
  @Tag("A10")
  @Tag("peer:ssh-keygen")
  void sshDrones_readme_isTrue() throws IOException {
    play("ssh-drones", Map.of());
  }

  @Test
  @Tag("O7")
  @Tag("O13")
  @Tag("peer:ssh-keygen")
  @Tag("slow")
  void sshWithoutCa_readme_isTrue() throws IOException {
    play("ssh-without-ca", Map.of());
  }

  @Test
  @Tag("O8")
  @Tag("I2")
  @Tag("peer:nginx")
  @Tag("peer:curl")
  @Tag("peer:openssl")
  @Tag("slow")
  void tlsServices_readme_isTrue() throws IOException {
    play("tls-services", Map.of("PORT", Integer.toString(ServerProcess.freePort())));
  }

  private void play(String example, Map<String, String> environment) throws IOException {
    Path folder = scratch.resolve("fleet");
    copy(ROOT.resolve("examples").resolve(example), folder);
    ConsoleDocument document = ConsoleDocument.read(folder.resolve("README.md"));
    assertTrue(document.steps().size() > 5, "the README has commands");
    Optional<Path> nginx = Peers.find("nginx"); // in /usr/sbin, not on the PATH of every user
    try (ConsoleSession session = new ConsoleSession(
        folder, Files.createDirectory(scratch.resolve("session")), environment)) {
      if (nginx.isPresent()) {
        session.stub("nginx", "exec '" + nginx.get() + "' \"$@\"");
      }
      session.play(document);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
