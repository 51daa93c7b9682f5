package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every {@code .txt} below {@code scripts/}, each in a folder of its own with a chain of its own. */
class ScriptsTest {
  private static final Path SCRIPTS =
      Path.of(System.getProperty("dvault.root"), "engine/src/test/resources/scripts");

  // Every row that a script names in its first line; RepositoryDocumentsTest compares.
  @TestFactory
  @Tag("O1")
  @Tag("O2")
  @Tag("O3")
  @Tag("O4")
  @Tag("O5")
  @Tag("O8")
  @Tag("O10")
  @Tag("O13")
  @Tag("O14")
  @Tag("O17")
  @Tag("A1")
  @Tag("A2")
  @Tag("A3")
  @Tag("A4")
  @Tag("A5")
  @Tag("A6")
  @Tag("A7")
  @Tag("A8")
  @Tag("A9")
  @Tag("A10")
  @Tag("P1")
  @Tag("P2")
  @Tag("P3")
  @Tag("P4")
  @Tag("P5")
  @Tag("P6")
  @Tag("P7")
  @Tag("P8")
  @Tag("P9")
  @Tag("P10")
  @Tag("S1")
  @Tag("S5")
  @Tag("S6")
  @Tag("S7")
  @Tag("S8")
  @Tag("S9")
  @Tag("I3")
  @Tag("I7")
  @Tag("G4")
  @Tag("G8")
  @Tag("G11")
  @Tag("E2")
  @Tag("E3")
  @Tag("E6")
  @Tag("T1")
  @Tag("T4")
  @Tag("T7")
  @Tag("T11")
  @Tag("T14")
  @Tag("T25")
  @Tag("T27")
  @Tag("T28")
  @Tag("T32")
  @Tag("T37")
  Stream<DynamicTest> script_behavesAsWritten() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(SCRIPTS)) {
      files = found.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
    assertFalse(files.isEmpty());
    String only = System.getProperty("dvault.script", "");
    return files.stream()
        .filter(file -> name(file).contains(only))
        .map(file -> DynamicTest.dynamicTest(name(file), file.toUri(), () -> run(file)));
  }

  /** {@code plan/targets.txt}. */
  private static String name(Path file) {
    return SCRIPTS.relativize(file).toString();
  }

  private static void run(Path file) throws Exception {
    Path folder = Files.createTempDirectory("dvault-script-").toRealPath().resolve("fleet");
    Files.createDirectories(folder);
    try (ScriptRun run = new ScriptRun(folder)) {
      run.run(Script.read(name(file), file));
    } finally {
      delete(folder.getParent());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
