package io.dvault;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * docs/architecture.md: who may know whom, and the one home of each vendor library. Sees every
 * module, for engine tests see them all.
 */
@Tag("E10")
class ArchitectureTest {
  private static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .withImportOption(
          location -> !location.contains("-tests.jar")) // test jars, once they are packaged
      .importPackages("io.dvault");

  /**
   * Package, from {@code io.dvault} on, to the packages of ours that it may know besides itself:
   * docs/architecture.md.
   */
  private static final SortedMap<String, Set<String>> MAY_KNOW = table();

  private static SortedMap<String, Set<String>> table() {
    SortedMap<String, Set<String>> table = new TreeMap<>();
    boolean inTable = false;
    for (String line : Sources.read("docs/architecture.md").lines().toList()) {
      inTable = line.startsWith("| package |") || inTable && line.startsWith("|");
      Matcher row =
          Pattern.compile("\\| `([a-z.]+)` \\|[^|]*\\|[^|]*\\|(.*)\\|").matcher(line);
      if (inTable && row.matches()) {
        Set<String> known = Pattern.compile("`([a-z.]+)`")
            .matcher(row.group(2))
            .results()
            .map(each -> each.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
        assertNull(table.put(row.group(1), known), row.group(1) + " has two rows");
      }
    }
    return table;
  }

  /** Library → the packages of ours that may use it. */
  private static final Map<String, List<String>> HOMES = Map.ofEntries(
      Map.entry("dev.cel", List.of("io.dvault.policy")),
      Map.entry("com.networknt", List.of("io.dvault.schema")),
      Map.entry("org.yaml.snakeyaml", List.of("io.dvault.yaml")),
      Map.entry("org.eclipse.jgit", List.of("io.dvault.git")),
      Map.entry(
          "java.net.http",
          List.of(
              "io.dvault.http",
              "io.dvault.ledger.evm",
              "io.dvault.gateway",
              "io.dvault.store.kubo",
              "io.dvault.agent",
              "io.dvault.demo")),
      Map.entry("org.web3j", List.of("io.dvault.ledger.evm")),
      Map.entry("picocli", List.of("io.dvault.console", "io.dvault.cli", "io.dvault.agent")),
      Map.entry("org.apache.sshd", List.of("io.dvault.demo")),
      Map.entry("org.bouncycastle.cert", List.of("io.dvault.plugin.tls")),
      Map.entry("org.bouncycastle.operator", List.of("io.dvault.plugin.tls")),
      Map.entry(
          "org.bouncycastle",
          List.of(
              "io.dvault.crypto", "io.dvault.bundle", "io.dvault.plugin", "io.dvault.ledger.evm")));

  @TestFactory
  Stream<DynamicTest> package_knowsOnly() {
    return MAY_KNOW.entrySet().stream()
        .map(entry -> DynamicTest.dynamicTest(
            entry.getKey(),
            () -> noClasses()
                .that()
                .resideInAPackage("io.dvault." + entry.getKey())
                .should()
                .dependOnClassesThat(oursBut(entry.getKey(), entry.getValue()))
                .check(CLASSES)));
  }

  @Test
  void table_hasEachPackageOnce() {
    Set<String> packages = CLASSES.stream()
        .map(JavaClass::getPackageName)
        .map(name -> name.substring("io.dvault.".length()))
        .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(packages, MAY_KNOW.keySet());
  }

  /** What another command, or a use case, needs has a room of its own. */
  @Test
  void cli_holdsCommandsOptionGroupsAndTheExitCodeAlone() {
    Set<String> others = new TreeSet<>();
    for (JavaClass each : CLASSES) {
      boolean top = each.getPackageName().equals("io.dvault.cli")
          && each.getEnclosingClass().isEmpty();
      boolean options = each.getFields().stream()
          .anyMatch(field ->
              field.isAnnotatedWith(Option.class) || field.isAnnotatedWith(Parameters.class));
      if (top
          && !each.isAnnotatedWith(Command.class)
          && !options
          && !List.of("ExitCode", "package-info").contains(each.getSimpleName())) {
        others.add(each.getSimpleName());
      }
    }
    assertEquals(Set.of(), others);
  }

  @Test
  void workflow_knowsNoTerminal() {
    noClasses()
        .that()
        .resideInAPackage("io.dvault.workflow..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "io.dvault.cli..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.dvault.workflow..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  @TestFactory
  Stream<DynamicTest> vendorLibrary_hasOneHome() {
    return HOMES.entrySet().stream()
        .map(home -> DynamicTest.dynamicTest(
            home.getKey(),
            () -> noClasses()
                .that()
                .resideOutsideOfPackages(below(home.getValue()))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(home.getKey() + "..")
                .check(CLASSES)));
  }

  @Test
  void modules_dependDownwardsOnly() {
    String[] engine = {
      "io.dvault.cli..",
      "io.dvault.apply..",
      "io.dvault.plan..",
      "io.dvault.config..",
      "io.dvault.git..",
      "io.dvault.demo..",
      "io.dvault.policy..",
      "io.dvault.importer..",
      "io.dvault.graph..",
      "io.dvault.schema..",
      "io.dvault.workflow..",
      "io.dvault.desired.."
    };
    String[] agent = {
      "io.dvault.agent..", "io.dvault.converge..", "io.dvault.trust..", "io.dvault.install.."
    };
    noClasses()
        .that()
        .resideInAnyPackage(agent)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(engine)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(engine)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(agent)
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.dvault.plugin..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.dvault.plugin..")
        .check(CLASSES); // concrete plugins: ServiceLoader, at run time only
  }

  @Test
  void core_knowsNeitherNetworkNorFiles() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.dvault.model",
            "io.dvault.cbor",
            "io.dvault.bundle",
            "io.dvault.registry",
            "io.dvault.yaml",
            "io.dvault.plan")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net", "java.net.http")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.dvault.plan..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.time.Clock")
        .check(CLASSES);
  }

  @Test
  void converge_neitherIssuesNorWritesTheLedger() {
    noClasses()
        .that()
        .resideInAPackage("io.dvault.converge..")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("LedgerWriter")
        .orShould()
        .dependOnClassesThat()
        .haveSimpleName("SecretKind")
        .orShould()
        .dependOnClassesThat()
        .haveSimpleName("EvmLedgerWriter")
        .check(CLASSES);
  }

  @Test
  void everyPackage_saysWhatItOwns() {
    Set<String> packages = CLASSES.stream()
        .map(JavaClass::getPackageName)
        .collect(Collectors.toCollection(TreeSet::new));
    Set<String> silent = packages.stream()
        .filter(name -> !getClass()
            .getClassLoader()
            .resources(name.replace('.', '/') + "/package-info.class")
            .findAny()
            .isPresent())
        .collect(Collectors.toCollection(TreeSet::new));
    assertFalse(packages.isEmpty());
    assertTrue(
        packages.size() > 10, () -> "the import is too small to prove anything: " + packages);
    // javac writes no class file for a package-info without annotations, so the sources are asked
    // where it is missing.
    silent.removeIf(name -> Sources.hasPackageInfo(name));
    assertTrue(silent.isEmpty(), () -> "no package-info.java: " + silent);
  }

  @Test
  void rules_areAbleToFail() {
    assertThrows(
        AssertionError.class,
        () -> ArchRuleDefinition.classes()
            .that()
            .resideInAPackage("io.dvault.cli..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAPackage("java..")
            .check(CLASSES));
  }

  private static DescribedPredicate<JavaClass> oursBut(String self, Set<String> allowed) {
    return new DescribedPredicate<>("are ours, outside " + self + " and " + allowed) {
      @Override
      public boolean test(JavaClass other) {
        String name = other.getPackageName();
        return name.startsWith("io.dvault.")
            && !name.equals("io.dvault." + self)
            && allowed.stream().noneMatch(allow -> name.equals("io.dvault." + allow));
      }
    };
  }

  private static String[] below(List<String> packages) {
    return packages.stream().map(name -> name + "..").toArray(String[]::new);
  }
}
