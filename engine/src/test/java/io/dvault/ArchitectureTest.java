package io.dvault;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** DESIGN 3: who may know whom, and the one home of each vendor library. Sees every module, for engine tests see them all. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar")) // test jars, once they are packaged
          .importPackages("io.dvault");

  /** Package → the packages of ours that it may know besides itself. */
  private static final Map<String, List<String>> MAY_KNOW = Map.ofEntries(
      Map.entry("model", List.of()),
      Map.entry("cbor", List.of("model")),
      Map.entry("dag", List.of("model", "cbor")),
      Map.entry("crypto", List.of("model")),
      Map.entry("bundle", List.of("model", "cbor", "crypto")),
      Map.entry("enrolment", List.of("model", "cbor", "crypto")),
      Map.entry("receipt", List.of("model", "cbor", "crypto")),
      Map.entry("registry", List.of("model", "cbor", "crypto", "dag")),
      Map.entry("yaml", List.of("model")),
      Map.entry("ledger", List.of("model", "cbor", "yaml")),
      Map.entry("ledger.evm", List.of("model", "ledger")),
      Map.entry("spi", List.of("model", "cbor", "dag", "registry", "yaml")),
      Map.entry("gateway", List.of("model", "cbor", "dag")),
      Map.entry("gateway.server", List.of("model", "cbor", "dag")),
      Map.entry("console", List.of("model")),
      Map.entry("git", List.of("model")),
      Map.entry("config", List.of("model", "cbor", "bundle", "enrolment", "registry", "yaml", "spi", "git", "ledger")),
      Map.entry("plan", List.of("model", "cbor", "dag", "bundle", "registry", "spi", "config", "ledger")),
      Map.entry("policy", List.of("model", "cbor", "registry", "yaml", "spi", "config", "plan")),
      Map.entry("converge", List.of(
          "model", "cbor", "dag", "bundle", "registry", "receipt", "enrolment", "ledger", "ledger.evm", "spi",
          "gateway", "trust", "install", "disk", "log")),
      Map.entry("install", List.of("model", "cbor", "registry", "spi", "disk", "log")),
      Map.entry("disk", List.of("model")),
      Map.entry("log", List.of("model")),
      Map.entry("devnet", List.of("model", "cbor", "dag", "ledger", "ledger.evm", "spi", "gateway.server")),
      Map.entry("adopt", List.of("model")),
      Map.entry("schema", List.of("model", "yaml")),
      Map.entry("graph", List.of("model", "spi", "config")),
      Map.entry("demo", List.of("model")),
      Map.entry("trust", List.of("model", "cbor", "ledger", "registry", "disk")));

  /** Vendor library → the packages of ours that may use it. */
  private static final Map<String, List<String>> HOMES = Map.ofEntries(
      Map.entry("dev.cel", List.of("io.dvault.policy")),
      Map.entry("com.networknt", List.of("io.dvault.schema")),
      Map.entry("org.yaml.snakeyaml", List.of("io.dvault.yaml")),
      Map.entry("org.eclipse.jgit", List.of("io.dvault.git")),
      Map.entry("org.web3j", List.of("io.dvault.ledger.evm")),
      Map.entry("picocli", List.of("io.dvault.console", "io.dvault.cli", "io.dvault.agent")),
      Map.entry("org.apache.sshd", List.of("io.dvault.demo")),
      Map.entry("org.bouncycastle.cert", List.of("io.dvault.plugin.tls")),
      Map.entry("org.bouncycastle.operator", List.of("io.dvault.plugin.tls")),
      Map.entry("org.bouncycastle", List.of(
          "io.dvault.crypto", "io.dvault.bundle", "io.dvault.plugin", "io.dvault.ledger.evm")));

  @TestFactory
  Stream<DynamicTest> package_knowsOnly() {
    return MAY_KNOW.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(entry -> DynamicTest.dynamicTest(
        entry.getKey(), () -> noClasses().that().resideInAPackage("io.dvault." + entry.getKey())
            .should().dependOnClassesThat(oursBut(entry.getKey(), entry.getValue()))
            .allowEmptyShould(true)
            .check(CLASSES)));
  }

  @TestFactory
  Stream<DynamicTest> vendorLibrary_hasOneHome() {
    return HOMES.entrySet().stream().map(home -> DynamicTest.dynamicTest(
        home.getKey(), () -> noClasses().that().resideOutsideOfPackages(below(home.getValue()))
            .should().dependOnClassesThat().resideInAPackage(home.getKey() + "..")
            .check(CLASSES)));
  }

  @Test
  void modules_dependDownwardsOnly() {
    String[] engine = {"io.dvault.cli..", "io.dvault.apply..", "io.dvault.plan..", "io.dvault.config..", "io.dvault.git..",
        "io.dvault.demo..", "io.dvault.policy..", "io.dvault.adopt..", "io.dvault.graph..", "io.dvault.schema.."};
    String[] agent = {"io.dvault.agent..", "io.dvault.converge..", "io.dvault.trust..", "io.dvault.install.."};
    noClasses().that().resideInAnyPackage(agent).should().dependOnClassesThat().resideInAnyPackage(engine).check(CLASSES);
    noClasses().that().resideInAnyPackage(engine).should().dependOnClassesThat().resideInAnyPackage(agent).check(CLASSES);
    noClasses().that().resideOutsideOfPackage("io.dvault.plugin..").should().dependOnClassesThat()
        .resideInAPackage("io.dvault.plugin..").check(CLASSES); // concrete plugins: ServiceLoader, at run time only
  }

  @Test
  void core_knowsNeitherNetworkNorFiles() {
    noClasses().that().resideInAnyPackage("io.dvault.model", "io.dvault.cbor", "io.dvault.bundle", "io.dvault.registry",
            "io.dvault.yaml", "io.dvault.plan")
        .should().dependOnClassesThat().resideInAnyPackage("java.net", "java.net.http").check(CLASSES);
    noClasses().that().resideInAPackage("io.dvault.plan..").should().dependOnClassesThat().haveFullyQualifiedName("java.time.Clock")
        .check(CLASSES);
  }

  @Test
  void converge_neitherIssuesNorWritesTheLedger() {
    noClasses().that().resideInAPackage("io.dvault.converge..").should().dependOnClassesThat()
        .haveSimpleName("LedgerWriter").orShould().dependOnClassesThat().haveSimpleName("SecretKind")
        .orShould().dependOnClassesThat().haveSimpleName("EvmLedgerWriter").check(CLASSES);
  }

  @Test
  void everyPackage_saysWhatItOwns() {
    Set<String> packages = CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    Set<String> silent = packages.stream()
        .filter(name -> !getClass().getClassLoader().resources(name.replace('.', '/') + "/package-info.class").findAny().isPresent())
        .collect(Collectors.toCollection(TreeSet::new));
    assertFalse(packages.isEmpty());
    assertTrue(packages.size() > 10, () -> "the import is too small to prove anything: " + packages);
    // javac writes no class file for a package-info without annotations, so the sources are asked where it is missing.
    silent.removeIf(name -> Sources.hasPackageInfo(name));
    assertTrue(silent.isEmpty(), () -> "no package-info.java: " + silent);
  }

  @Test
  void rules_areAbleToFail() {
    assertThrows(AssertionError.class, () -> ArchRuleDefinition.classes().that().resideInAPackage("io.dvault.cli..")
        .should().onlyDependOnClassesThat().resideInAPackage("java..").check(CLASSES));
  }

  private static DescribedPredicate<JavaClass> oursBut(String self, List<String> allowed) {
    return new DescribedPredicate<>("are ours, outside " + self + " and " + allowed) {
      @Override
      public boolean test(JavaClass other) {
        String name = other.getPackageName();
        return name.startsWith("io.dvault.")
            && !name.equals("io.dvault." + self)
            && !name.startsWith("io.dvault." + self + ".")
            && allowed.stream().noneMatch(allow -> name.equals("io.dvault." + allow));
      }
    };
  }

  private static String[] below(List<String> packages) {
    return packages.stream().map(name -> name + "..").toArray(String[]::new);
  }
}
