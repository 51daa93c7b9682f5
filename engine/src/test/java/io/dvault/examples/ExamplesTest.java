package io.dvault.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The READMEs of {@code examples/}, played as written on a devnet of their own, with agents and ssh-keygen. */
class ExamplesTest {
  private static final Path ROOT = Path.of(System.getProperty("dvault.root", ".."));
  @TempDir Path scratch;

  @Test
  @Tag("O3")
  @Tag("O14")
  @Tag("O15")
  @Tag("I7")
  @Tag("A10")
  @Tag("peer:ssh-keygen")
  void sshDrones_readme_isTrue() throws IOException {
    play("ssh-drones");
  }

  @Test
  @Tag("O7")
  @Tag("O13")
  @Tag("peer:ssh-keygen")
  void sshWithoutCa_readme_isTrue() throws IOException {
    play("ssh-without-ca");
  }

  private void play(String example) throws IOException {
    Peers.require("ssh-keygen");
    Path folder = scratch.resolve("fleet");
    copy(ROOT.resolve("examples").resolve(example), folder);
    ConsoleDocument document = ConsoleDocument.read(folder.resolve("README.md"));
    assertTrue(document.steps().size() > 5, "the README has commands");
    try (ConsoleSession session =
        new ConsoleSession(folder, Files.createDirectory(scratch.resolve("session")), Map.of())) {
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
