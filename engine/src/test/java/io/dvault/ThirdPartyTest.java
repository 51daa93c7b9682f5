package io.dvault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code THIRD-PARTY.md} lists exactly the jars that ship. The class path of these tests holds all
 * of them (engine and agent) and the jars of {@link #TESTS_ONLY}; any other jar is a finding.
 */
@Tag("E7")
class ThirdPartyTest {
  private static final Path ROOT =
      Path.of(System.getProperty("dvault.root", "..")).toAbsolutePath().normalize();

  /** On the class path for tests alone, by group and artifact. Nothing here has runtime scope. */
  private static final Set<String> TESTS_ONLY = Set.of(
      "com.tngtech.archunit:archunit",
      "org.apiguardian:apiguardian-api",
      "org.jspecify:jspecify",
      "org.junit.jupiter:junit-jupiter",
      "org.junit.jupiter:junit-jupiter-api",
      "org.junit.jupiter:junit-jupiter-engine",
      "org.junit.jupiter:junit-jupiter-params",
      "org.junit.platform:junit-platform-commons",
      "org.junit.platform:junit-platform-engine",
      "org.junit.platform:junit-platform-launcher",
      "org.opentest4j:opentest4j");

  @Test
  void jarsThatShip_areListedWithTheirLicense_andNoOther() throws IOException {
    List<Path> jars = classPath();
    assertTrue(jars.size() > 30, () -> "too few jars to prove anything: " + jars);
    List<String> listed = listed();
    assertEquals(listed.size(), Set.copyOf(listed).size(), "a jar is used twice");
    assertEquals(List.of(), findings(jars, listed));
  }

  @Test
  void licenses_ofEachRow_areInTheRepository() throws IOException {
    for (RepositoryDocuments.Row row : rows()) {
      String text = row.cell("text").replaceAll(".*\\]\\((.+)\\).*", "$1");
      assertTrue(Files.isRegularFile(ROOT.resolve(text)), () -> row.id() + ": no file " + text);
      assertTrue(!row.cell("license").isEmpty(), row::id);
    }
  }

  @Test
  void findings_jarThatIsNotListed_andRowWithoutJar() {
    Path guava = Path.of("/m2/com/google/guava/guava/33.6.0/guava-33.6.0.jar");
    Path junit = Path.of("/m2/org/opentest4j/opentest4j/1.3.0/opentest4j-1.3.0.jar");
    assertEquals(List.of(), findings(List.of(guava, junit), List.of("com.google.guava:guava")));
    assertEquals(List.of("not in THIRD-PARTY.md: " + guava), findings(List.of(guava), List.of()));
    assertEquals(
        List.of(
            "not in THIRD-PARTY.md: " + guava,
            "in THIRD-PARTY.md, but does not ship: org.example:guava"),
        findings(List.of(guava), List.of("org.example:guava")));
  }

  private static List<String> findings(List<Path> jars, List<String> listed) {
    Map<String, Boolean> unused = new HashMap<>();
    listed.forEach(each -> unused.put(each, true));
    List<String> findings = new ArrayList<>();
    for (Path jar : jars) {
      if (TESTS_ONLY.stream().anyMatch(each -> is(jar, each))) {
        continue;
      }
      List<String> names = listed.stream().filter(each -> is(jar, each)).toList();
      names.forEach(unused::remove);
      if (names.isEmpty()) {
        findings.add("not in THIRD-PARTY.md: " + jar);
      }
    }
    new TreeSet<>(unused.keySet())
        .forEach(each -> findings.add("in THIRD-PARTY.md, but does not ship: " + each));
    return findings;
  }

  /** Whether a jar of a repository, {@code …/group/artifact/version/x.jar}, is that artifact. */
  private static boolean is(Path jar, String coordinates) {
    String[] parts = coordinates.split(":");
    Path version = jar.getParent();
    return version != null
        && version.getParent() != null
        && version.getParent().endsWith(Path.of(parts[0].replace('.', '/'), parts[1]));
  }

  /** Other people's jars: ours are folders, jars in a target folder, or installed ones. */
  private static List<Path> classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(each -> Path.of(each).toAbsolutePath().normalize())
        .filter(Files::isRegularFile)
        .filter(each -> !(each.startsWith(ROOT) && each.toString().contains("/target/")))
        .filter(each -> !each.toString().contains("/io/dvault/"))
        .toList();
  }

  private static List<RepositoryDocuments.Row> rows() throws IOException {
    return RepositoryDocuments.rows(Files.readString(ROOT.resolve("THIRD-PARTY.md"))).stream()
        .filter(row -> row.cells().containsKey("license"))
        .toList();
  }

  private static List<String> listed() throws IOException {
    return rows().stream()
        .filter(row -> row.cells().containsKey("jar"))
        .map(row -> row.cell("jar").replace("`", ""))
        .toList();
  }
}
