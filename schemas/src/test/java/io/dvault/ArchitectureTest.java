package io.dvault;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.dvault.dag.BlockStoreConformance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * docs/architecture.md for this module: who may know whom. A package that is not in the table
 * fails, so it gets thought about.
 */
class ArchitectureTest {
  /** No network, no files, no processes: what a format needs of the JDK; package http alone may have the network. */
  private static final List<String> JDK = List.of(
      "java.lang",
      "java.lang.annotation",
      "java.lang.invoke",
      "java.lang.runtime",
      "java.io",
      "java.math",
      "java.nio",
      "java.nio.charset",
      "java.security..",
      "java.time..",
      "java.util",
      "java.util.concurrent..",
      "java.util.function",
      "java.util.regex",
      "java.util.stream");

  private static final Map<String, List<String>> MAY_KNOW = Map.of(
      "model", List.of(),
      "cbor", List.of("io.dvault.model"),
      "dag", List.of("io.dvault.cbor", "io.dvault.model"),
      "registry", List.of("io.dvault.dag", "io.dvault.cbor", "io.dvault.crypto", "io.dvault.model"),
      "crypto", List.of("io.dvault.model", "org.bouncycastle.."),
      "bundle",
          List.of(
              "io.dvault.cbor",
              "io.dvault.crypto",
              "io.dvault.model",
              "javax.crypto..",
              "javax.security.auth",
              "org.bouncycastle.."),
      "enrolment", List.of("io.dvault.cbor", "io.dvault.crypto", "io.dvault.model"),
      "receipt", List.of("io.dvault.cbor", "io.dvault.crypto", "io.dvault.model"),
      "http", List.of("java.net", "java.net.http", "java.nio.channels", "javax.net.ssl"),
      "yaml", List.of("io.dvault.model", "org.yaml.snakeyaml.."));

  private static final JavaClasses MAIN = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .withImportOption(location -> location.contains("/schemas/"))
      .importPackages("io.dvault");

  private static ArchRule mayKnow(String name) {
    List<String> allowed = Stream.of(JDK, MAY_KNOW.get(name), List.of("io.dvault." + name))
        .flatMap(List::stream)
        .toList();
    return classes()
        .that()
        .resideInAPackage("io.dvault." + name)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new));
  }

  @TestFactory
  Stream<DynamicTest> package_eachOne_knowsOnlyWhatTheTableSays() {
    return MAY_KNOW.keySet().stream()
        .sorted()
        .map(name -> DynamicTest.dynamicTest(name, () -> mayKnow(name).check(MAIN)));
  }

  @Test
  void packages_found_areAllInTheTable() {
    Set<String> found =
        MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    Set<String> known =
        MAY_KNOW.keySet().stream().map(name -> "io.dvault." + name).collect(Collectors.toSet());
    assertEquals(new TreeSet<>(known), found);
  }

  @Test
  void packages_allTogether_haveNoCycle() {
    SlicesRuleDefinition.slices()
        .matching("io.dvault.(*)")
        .should()
        .beFreeOfCycles()
        .check(MAIN);
  }

  @Test
  void classes_everywhere_openNoFilesAndKeepNoClock() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.io\\.(File|FileInputStream|FileOutputStream|FileReader|FileWriter|RandomAccessFile)")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.lang\\.(Process|ProcessBuilder|Runtime)")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .check(MAIN);
  }

  @Test
  void rule_classThatKnowsTooMuch_fails() {
    // A class of package dag that knows JUnit: proof that the rule bites, and on the right package.
    JavaClasses withConformanceKit =
        new ClassFileImporter().importClasses(BlockStoreConformance.class);
    AssertionError failure =
        assertThrows(AssertionError.class, () -> mayKnow("dag").check(withConformanceKit));
    assertTrue(failure.getMessage().contains("org.junit.jupiter.api"), failure.getMessage());
  }

  @Test
  void packages_eachOne_saysWhatItOwns() throws Exception {
    Path sources = Path.of(System.getProperty("dvault.root"), "schemas/src/main/java/io/dvault");
    try (Stream<Path> folders = Files.list(sources)) {
      for (Path folder : folders.toList()) {
        assertTrue(
            Files.exists(folder.resolve("package-info.java")),
            folder + " has no package-info.java");
      }
    }
  }
}
