package io.dvault.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real launcher in a clone that looks built. What it starts is the program under test, or one that prints how it
 * was started. Names and output that are not ASCII are written by a shell: the tests' own locale may not know them.
 */
@Timeout(120)
class LauncherTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final String TOOLS = "/usr/bin:/bin";
  private static final String PROGRAM = """
      package PACKAGE;
      public class CLASS {
        public static void main(String[] arguments) {
          System.out.println("home=" + System.getProperty("dvault.home"));
          System.out.println("names=" + System.getProperty("sun.jnu.encoding"));
          System.out.println("keepalive=" + System.getProperty("jdk.httpclient.keepalive.timeout"));
          System.out.println("collector="
              + java.lang.management.ManagementFactory.getGarbageCollectorMXBeans().getFirst().getName());
          System.out.println("arguments=" + java.util.List.of(arguments));
        }
      }
      """;

  @TempDir
  Path scratch;

  private Path clone;
  private final Map<String, String> environment = new HashMap<>();

  private record Ran(int exitCode, String text) {
    Ran require(int code, String... lines) {
      assertEquals(code, exitCode, text);
      for (String line : lines) {
        assertTrue(text.contains(line + "\n"), () -> "expected " + line + " in\n" + text);
      }
      return this;
    }
  }

  @BeforeEach
  void cloneRepository() throws IOException {
    clone = cloneAt("my clones/dvault");
    environment.putAll(Map.of(
        "PATH", TOOLS, "HOME", scratch.toString(), "JAVA_HOME", JDK.toString(), "LC_ALL", "C"));
  }

  private Path cloneAt(String place) throws IOException {
    Path root =
        Path.of(System.getProperty("dvault.root", "..")).toAbsolutePath().normalize();
    Path to = Files.createDirectories(scratch.resolve(place));
    Files.copy(root.resolve("dvault"), to.resolve("dvault"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.createSymbolicLink(to.resolve("dvault-agent"), Path.of("dvault"));
    Files.createFile(to.resolve("pom.xml"));
    Path training = Files.createDirectories(to.resolve("engine/src/main/training"));
    Files.copy(root.resolve("engine/src/main/training/vault.yaml"), training.resolve("vault.yaml"));
    return to;
  }

  /** Programs that print how they were started, as the build would put them there. */
  private void buildPrinting() throws IOException {
    program("engine", "io.dvault.cli", "Dvault");
    program("agent", "io.dvault.agent", "Main");
    built();
  }

  private void program(String module, String packageName, String className) throws IOException {
    Path source = scratch.resolve(className + ".java");
    Files.writeString(source, PROGRAM.replace("PACKAGE", packageName).replace("CLASS", className));
    String name = packageName.replace('.', '/') + "/" + className + ".class";
    assertEquals(
        0,
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", scratch.toString(), source.toString()));
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(lib(module).resolve("program.jar")))) {
      jar.putNextEntry(new JarEntry(name));
      Files.copy(scratch.resolve(name), jar);
    }
  }

  /** The class path of the tests, in a jar that only names it. */
  private void buildReal() throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(each -> Path.of(each).toUri().toString())
                .collect(Collectors.joining(" ")));
    try (var out = Files.newOutputStream(lib("engine").resolve("real.jar"))) {
      new JarOutputStream(out, manifest).close();
    }
    built();
    withoutTraining("engine", "agent");
  }

  private Path lib(String module) throws IOException {
    return Files.createDirectories(clone.resolve(module + "/target/dist/lib"));
  }

  private void built() throws IOException {
    for (String module : List.of("engine", "agent")) {
      lib(module);
      Files.createFile(clone.resolve(module + "/target/dist/built"));
    }
  }

  /** Caches that the JVM cannot use, and ignores: they take seconds to make. */
  private void withoutTraining(String... modules) throws IOException {
    String sum =
        run("cksum < \"$JAVA_HOME/release\" | cut -d' ' -f1").require(0).text().strip();
    for (String module : modules) {
      Files.createFile(clone.resolve(module + "/target/dist/" + sum + ".aot"));
    }
  }

  private Ran run(String script) throws IOException {
    return run(List.of("/bin/sh", "-c", "cd \"$0\" && " + script, clone.toString()));
  }

  private Ran run(List<String> command) throws IOException {
    Path out = scratch.resolve("out");
    ProcessBuilder builder = new ProcessBuilder(command)
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(out.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> command + " does not end");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return new Ran(process.exitValue(), Files.readString(out));
  }

  private Map<Path, List<Object>> caches() throws IOException {
    Map<Path, List<Object>> caches = new TreeMap<>();
    try (Stream<Path> files = Files.list(clone.resolve("engine/target/dist"))) {
      for (Path each : files.filter(file -> file.toString().endsWith(".aot")).toList()) {
        caches.put(
            each,
            List.of(
                Files.size(each),
                Files.getLastModifiedTime(each),
                Files.getAttribute(each, "unix:ino")));
      }
    }
    return caches;
  }

  private Path jdk(String name) throws IOException {
    Path jdk = Files.createDirectories(scratch.resolve(name));
    Files.createSymbolicLink(jdk.resolve("bin"), JDK.resolve("bin"));
    Files.writeString(
        jdk.resolve("release"),
        Files.readString(JDK.resolve("release")) + "NAME=\"" + name + "\"\n");
    return jdk;
  }

  /** Root may write everywhere, unless it gives that up. */
  private List<String> withoutPrivilege(String script) throws IOException {
    List<String> plain = List.of("/bin/sh", "-c", script, clone.toString());
    return Files.getAttribute(scratch, "unix:uid").equals(0)
        ? Stream.concat(Stream.of("setpriv", "--bounding-set=-dac_override"), plain.stream())
            .toList()
        : plain;
  }

  private void mode(String place, String mode) throws IOException {
    Files.setPosixFilePermissions(clone.resolve(place), PosixFilePermissions.fromString(mode));
  }

  private void maven(String lines) throws IOException {
    Path maven = Files.createDirectories(scratch.resolve("bin")).resolve("mvn");
    Files.writeString(maven, "#!/bin/sh\n" + lines + "\n");
    assertTrue(maven.toFile().setExecutable(true));
    environment.put("PATH", maven.getParent() + ":" + TOOLS);
  }

  @Test
  void version_cloneWithSpaces_isPrinted() throws IOException {
    buildReal();
    Ran ran = run("./dvault version").require(0);
    assertTrue(ran.text().startsWith("dvault "), ran::text);
  }

  @Test
  void start_byRelativeLinkFromElsewhere_findsItsClone() throws IOException {
    buildPrinting();
    withoutTraining("engine", "agent");
    run("mkdir -p ../bin && ln -s ../dvault/dvault ../bin/dvault && cd / && \"$0/../bin/dvault\" 'a  b' ''")
        .require(0, "home=" + clone.toRealPath(), "arguments=[a  b, ]", "keepalive=20");
    run("./dvault-agent once")
        .require(0, "home=" + clone.toRealPath(), "arguments=[once]", "keepalive=20");
  }

  @ParameterizedTest
  @ValueSource(strings = {"LANG=xx_XX.UTF-8", "LC_CTYPE=UTF-8", "LC_ALL=POSIX"})
  void validate_namesWithUmlauts_areReadInEveryLocale(String locale) throws IOException {
    buildReal();
    environment.remove("LC_ALL");
    environment.put(
        locale.substring(0, locale.indexOf('=')), locale.substring(locale.indexOf('=') + 1));
    Ran ran = run("""
        vault=$(printf 'g\\303\\244rten') && mkdir "$vault" && cd "$vault" &&
        cp ../engine/src/main/training/vault.yaml . && mkdir "$vault" &&
        echo '{apiVersion: dvault.io/v1, kind: Nothing}' > "$vault/$(printf '\\303\\274bel.yaml')" &&
        ../dvault --chdir "../$vault" validate""");
    assertEquals(1, ran.exitCode(), ran::text);
    assertTrue(ran.text().contains("  g\u00e4rten/\u00fcbel.yaml:1:"), ran::text);
  }

  /** A file that is not read could take entries away. */
  @Test
  @Tag("T28")
  void validate_nameThatIsNoText_isRefusedInABrokenLocale() throws IOException {
    buildReal();
    environment.put("LC_ALL", "xx_XX.UTF-8");
    Ran ran = run("""
        mkdir vault && cd vault && cp ../engine/src/main/training/vault.yaml . &&
        touch "$(printf '\\377.yaml')" && ../dvault validate""");
    assertEquals(1, ran.exitCode(), ran::text);
    assertTrue(ran.text().contains("[DV025]\n  \ufffd.yaml:1:1\n"), ran::text);
  }

  @Test
  void start_onlyPathInTheEnvironment_works() throws IOException {
    buildPrinting();
    withoutTraining("engine", "agent");
    environment.clear();
    environment.put("PATH", JDK.resolve("bin") + ":" + TOOLS);
    run("./dvault version").require(0, "names=UTF-8");
    run("./dvault-agent version").require(0, "names=UTF-8");
  }

  @Test
  void start_collectorInTheEnvironment_isTheOneThatRuns() throws IOException {
    buildPrinting();
    withoutTraining("agent");
    run("./dvault version").require(0, "collector=Copy");
    environment.put("JAVA_TOOL_OPTIONS", "-XX:+UseG1GC");
    run("./dvault version").require(0, "collector=G1 Young Generation");
    run("./dvault-agent version").require(0, "collector=G1 Young Generation");
  }

  @Test
  void start_colonInThePath_isRefusedBeforeAnythingIsBuilt() throws IOException {
    clone = cloneAt("a:b");
    Ran ran = run("./dvault version");
    assertEquals(1, ran.exitCode(), ran::text);
    assertEquals(
        "Error: the path of this clone contains a colon [DV713]\n"
            + "  Java separates the parts of a class path by colons. Move the clone: "
            + clone.toRealPath() + "\n",
        ran.text());
    assertFalse(Files.exists(clone.resolve("target")));
  }

  @Test
  void start_twoJdksInTurn_eachKeepsItsCache() throws IOException {
    buildPrinting();
    String starts = "JAVA_HOME='" + jdk("jdk one") + "' ./dvault version && JAVA_HOME='"
        + jdk("jdk two") + "' ./dvault version";
    run(starts).require(0);
    Map<Path, List<Object>> first = caches();
    assertEquals(2, first.size(), first::toString);
    first.values().forEach(each -> assertTrue((long) each.getFirst() > 100_000, first::toString));
    run(starts).require(0);
    assertEquals(first, caches());
  }

  @Test
  @Tag("peer:setpriv")
  void start_nothingMayBeWritten_worksWithoutCache() throws IOException {
    buildPrinting();
    mode("engine/target/dist", "r-xr-xr-x");
    Ran ran = run(withoutPrivilege("cd \"$0\" && ./dvault version"));
    mode("engine/target/dist", "rwxr-xr-x");
    ran.require(0, "arguments=[version]");
    assertEquals(Map.of(), caches());
  }

  @Test
  @Tag("peer:setpriv")
  void start_buildMayNotWrite_isRefused() throws IOException {
    maven("exit 0");
    Files.createDirectory(clone.resolve("target"));
    mode("target", "r-xr-xr-x");
    Ran ran = run(withoutPrivilege("cd \"$0\" && ./dvault version"));
    mode("target", "rwxr-xr-x");
    ran.require(1, "Error: the build cannot write to this clone [DV712]");
  }

  @Test
  void start_sourcesChanged_buildsOnce() throws IOException {
    buildPrinting();
    withoutTraining("engine", "agent");
    Files.delete(clone.resolve("engine/target/dist/built"));
    maven("echo \"$JAVA_HOME: $*\" >> built-by");
    String told =
        "Building dVault (the first time a few minutes: libraries come from Maven Central and npm) …";
    run("./dvault version").require(0, told, "arguments=[version]");
    assertFalse(run("./dvault version").require(0).text().contains("Building"));
    assertEquals(
        JDK + ": -q -B -ntp -DskipTests -Ddvault.quick package\n",
        Files.readString(clone.resolve("built-by")));
    assertFalse(Files.exists(clone.resolve("target/launch.lock")));
  }

  @Test
  void start_buildFails_isToldWithItsErrors() throws IOException {
    maven("echo '[INFO] on its way'; echo '[ERROR] no such artifact'; exit 1");
    Ran ran = run("./dvault version")
        .require(1, "  [ERROR] no such artifact", "Error: the build failed [DV712]");
    assertFalse(ran.text().contains("INFO"), ran::text);
    assertFalse(Files.exists(clone.resolve("target/launch.lock")));
  }
}
