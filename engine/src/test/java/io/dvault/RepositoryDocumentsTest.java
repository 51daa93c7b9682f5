package io.dvault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What documents, code and tests cite exists: rows, documents, sections, links, and the tests that
 * rows name. The checker is itself tested on small repositories with one mistake each.
 */
@Tag("E10")
class RepositoryDocumentsTest {
  private static final Path ROOT =
      Path.of(System.getProperty("dvault.root", "..")).toAbsolutePath().normalize();
  private static final Set<String> NOT_OURS =
      Set.of(".git", "target", "node_modules", ".dvault", ".idea", ".vscode");
  private static final Set<String> TEXTS =
      Set.of("java", "sol", "md", "mjs", "sh", "yaml", "yml", "txt", "xml", "json");

  // In two parts, so that this file cites nothing that does not exist.
  private static final String DOCS = "docs" + "/";
  private static final String TAG = "@Tag" + "(\"";

  @Test
  void repository_citesNothingThatDoesNotExist() throws IOException {
    Map<String, String> texts = read();
    assertTrue(texts.size() > 800, () -> "too few files to prove anything: " + texts.size());
    RepositoryDocuments documents =
        new RepositoryDocuments(texts, path -> Files.exists(ROOT.resolve(path)));
    List<String> findings = documents.findings();
    assertTrue(findings.isEmpty(), () -> String.join("\n", findings));
  }

  /** The formatter leaves comments, texts and scripts alone. docs/style.md, "Code". */
  @Test
  void code_fitsItsColumns() throws IOException {
    Map<String, String> texts = new TreeMap<>(read());
    for (String script : List.of("dvault", ".ci/run")) {
      texts.put(script, Files.readString(ROOT.resolve(script)));
    }
    List<String> tooLong = new ArrayList<>();
    texts.forEach((path, text) -> {
      if (path.endsWith(".java")
          || path.endsWith(".sol")
          || path.endsWith(".sh")
          || path.indexOf('.', 1) < 0) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
          if (lines.get(i).codePointCount(0, lines.get(i).length()) > 120) {
            tooLong.add(path + ":" + (i + 1));
          }
        }
      }
    });
    assertEquals(List.of(), tooLong);
  }

  @Test
  void repository_hasEveryRowAndDocument() throws IOException {
    assertEquals(122, rowsOf(RepositoryDocuments.REQUIREMENTS), "rows are never removed");
    assertEquals(47, rowsOf(RepositoryDocuments.THREATS), "rows are never removed");
    for (String needed : List.of(
        "docs/architecture.md",
        "docs/glossary.md",
        "docs/style.md",
        "docs/screens.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "NOTICE",
        "THIRD-PARTY.md")) {
      assertTrue(Files.isRegularFile(ROOT.resolve(needed)), needed);
    }
  }

  private static int rowsOf(String document) throws IOException {
    return (int) RepositoryDocuments.rows(Files.readString(ROOT.resolve(document))).stream()
        .filter(row -> row.id().matches("[A-Z][0-9]+"))
        .count();
  }

  @Test
  void findings_soundRepository_areNone() {
    assertEquals(List.of(), check(sound()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "requirements.md G99",
        "requirements.md G5, G99",
        "requirements.md\n * G99",
        "requirements.md T4",
        "threat-model.md T99",
        "threat-model.md G5"
      })
  void findings_citedRowThatDoesNotExist(String citation) {
    assertFinding(
        "has no row", with("engine/src/main/java/A.java", "/** See " + DOCS + citation + ". */"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DESIGN" + " 5",
        "FEATURES" + " G5",
        "SECURITY" + " T4",
        "STYLE" + ", \"Errors\"",
        "SCREENS" + ", plan"
      })
  void findings_fileOutsideOfTheRepository(String citation) {
    assertFinding(
        "outside of the repository",
        with("engine/src/main/java/A.java", "// " + citation + " says so"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs" + "/nowhere.md", "schemas/spec" + "/nowhere.md"})
  void findings_citedDocumentThatDoesNotExist(String document) {
    assertFinding("which does not exist", with("engine/src/main/java/A.java", "// " + document));
    assertFinding("which does not exist", with("README.md", "See `" + document + "`."));
  }

  @Test
  void findings_citedSectionThatDoesNotExist() {
    assertFinding(
        "has no section",
        with("engine/src/main/java/A.java", "// " + DOCS + "architecture.md, \"Nothing\""));
  }

  @Test
  void findings_tagOfARowThatDoesNotExist() {
    assertFinding("does not exist: G99", with("engine/src/test/java/BTest.java", TAG + "G99\")"));
    assertFinding("neither a row", with("engine/src/test/java/BTest.java", TAG + "G5 T4\")"));
    assertFinding(
        "does not exist: T99", with("contracts/src/test/solidity/B.t.sol", "/// @dev T99"));
  }

  @Test
  void findings_scriptWithoutRow_orOfOneThatDoesNotExist_orThatNoTagRuns() {
    String script = "engine/src/test/resources/scripts/b.txt";
    assertFinding("names no row", with(script, "# what it shows"));
    assertFinding("names a row that does not exist: G99", with(script, "# G5 G99 what it shows"));
    assertFinding("lacks the tag T4", with(script, "# T4: what it shows"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[x](nowhere.md)", "[x](../README.md)", "![x](a/b.png)", "[x]: nowhere.md"})
  void findings_deadLink(String link) {
    assertFinding("dead link", with("README.md", link));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[x](#nothing)", "[x](docs" + "/architecture.md#nothing)"})
  void findings_deadAnchor(String link) {
    assertFinding("dead anchor", with("README.md", "# Title\n\n" + link));
  }

  @Test
  void findings_linkInCode_isNone() {
    assertEquals(List.of(), check(with("README.md", "`[x](no.md)`\n\n```\n[x](no.md)\n```\n")));
  }

  @Test
  void findings_rowWithoutTest_thatIsNotOpen() {
    assertFinding("G5 names no test and is not open", requirements("| G5 | need | | |"));
    assertFinding(
        "G5 is used twice", requirements("| G5 | need | `ATest` | |\n| G5 | need | `ATest` | |"));
    assertFinding("has no rows", requirements(""));
  }

  @Test
  void findings_rowWithATestThatDoesNotExist_orDoesNotCarryIt() {
    assertFinding("test that does not exist: NoTest", requirements("| G5 | need | `NoTest` | |"));
    assertFinding("test that does not exist: no", requirements("| G5 | need | script `no` | |"));
    assertFinding(
        "test that does not exist: No.t.sol", requirements("| G5 | need | `No.t.sol` | |"));
    assertFinding(
        "G6 names ATest, which does not carry its id",
        requirements("| G5 | need | `ATest` | |\n| G6 | need | `ATest` | |"));
    assertFinding(
        "G6 names a, which does not carry its id",
        requirements("| G5 | need | `ATest` | |\n| G6 | need | script `a` | |"));
    assertFinding(
        "G6 names A.t.sol, which does not carry its id",
        requirements("| G5 | need | `ATest` | |\n| G6 | need | `A.t.sol` | |"));
  }

  @Test
  void findings_classThatDoesNotExist() {
    assertFinding(
        "class that does not exist: Gone",
        with(
            RepositoryDocuments.THREATS,
            "| id | defended by | shown by | open |\n|---|---|---|---|\n"
                + "| T4 | `Gone` | `A.t.sol` | |"));
    assertFinding(
        "class that does not exist: Gone",
        with(
            RepositoryDocuments.ARCHITECTURE,
            "# Map\n\n| step | class |\n|---|---|\n| plan | `Gone` |"));
  }

  @Test
  void anchors_areThoseOfGitHub() {
    assertEquals(
        Set.of("plan-and-apply", "what-plan-does", "plan-and-apply-1", "a--b"),
        RepositoryDocuments.anchors("# Plan and apply\n## What `plan` does?\n```\n# no\n```\n"
            + "## Plan and apply\n### a & b\n"));
  }

  private static Map<String, String> sound() {
    Map<String, String> texts = new TreeMap<>();
    texts.put(
        RepositoryDocuments.REQUIREMENTS,
        "| id | what | shown by | not shown |\n|---|---|---|---|\n"
            + "| G5 | need | `ATest`, script `a` | |\n| G6 | need | | open: issue 1 |\n");
    texts.put(
        RepositoryDocuments.THREATS,
        "| id | defended by | shown by | open |\n|---|---|---|---|\n| T4 | `A` | `A.t.sol` | |\n");
    texts.put(
        RepositoryDocuments.ARCHITECTURE, "# Map\n\n| step | class |\n|---|---|\n| plan | `A` |\n");
    texts.put(
        "README.md", "[map](" + DOCS + "architecture.md#map), [site](https://example.org/#x)");
    texts.put(
        "engine/src/main/java/A.java",
        "/**\n * " + DOCS + "requirements.md\n * G5, G6; " + DOCS
            + "architecture.md, \"Map\".\n */");
    texts.put("engine/src/test/java/ATest.java", TAG + "G5\") " + TAG + "peer:ssh-keygen\")");
    texts.put("engine/src/test/java/ScriptsTest.java", TAG + "G5\")");
    texts.put("engine/src/test/resources/scripts/a.txt", "# G5: what it shows\n");
    texts.put("contracts/src/test/solidity/A.t.sol", "/// @dev T4: why\n");
    return texts;
  }

  private static Map<String, String> with(String path, String text) {
    Map<String, String> texts = new HashMap<>(sound());
    texts.put(path, text);
    return texts;
  }

  private static Map<String, String> requirements(String rows) {
    return with(
        RepositoryDocuments.REQUIREMENTS,
        "| id | what | shown by | not shown |\n|---|---|---|---|\n" + rows + "\n");
  }

  private static List<String> check(Map<String, String> texts) {
    return new RepositoryDocuments(texts, texts::containsKey).findings();
  }

  private static void assertFinding(String expected, Map<String, String> texts) {
    List<String> findings = check(texts);
    assertTrue(
        findings.stream().anyMatch(each -> each.contains(expected)),
        () -> "expected \"" + expected + "\", found " + findings);
  }

  private static Map<String, String> read() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        boolean ours =
            folder.equals(ROOT) || !NOT_OURS.contains(folder.getFileName().toString());
        return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        if (attributes.isRegularFile() && (dot < 0 || TEXTS.contains(name.substring(dot + 1)))) {
          texts.put(
              ROOT.relativize(file).toString().replace('\\', '/'),
              new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        }
        return FileVisitResult.CONTINUE;
      }
    });
    return texts;
  }
}
