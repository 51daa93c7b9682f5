package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the launcher gives the JVM for large vaults: it is silent there, also when it does not start. */
class LargeVaultDirectivesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path FILE = ROOT.resolve("engine/src/main/launch/large-vault.jit");
  private static final Pattern OURS = Pattern.compile("\"(io/dvault/[A-Za-z/]+)(?:/\\*)?\\.([A-Za-z*]+)\"");

  @Test
  void directives_jvm_takesThem() throws Exception {
    Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UnlockDiagnosticVMOptions", "-XX:CompilerDirectivesFile=" + FILE, "-version")
        .redirectErrorStream(true).start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, java.waitFor(), said);
    assertTrue(said.contains("3 compiler directives added"), said);
  }

  @Test
  void directives_ourClassesAndMethods_areThere() throws IOException {
    List<String[]> named = OURS.matcher(Files.readString(FILE)).results()
        .map(found -> new String[] {found.group(1), found.group(2)}).toList();
    assertFalse(named.isEmpty());
    for (String[] each : named) {
      assertTrue(isThere(each[0], each[1]), each[0] + " " + each[1]);
    }
  }

  private static boolean isThere(String path, String method) throws IOException {
    for (String module : List.of("engine", "schemas")) {
      Path source = ROOT.resolve(module).resolve("src/main/java").resolve(path);
      Path java = source.resolveSibling(source.getFileName() + ".java");
      boolean declares = Files.exists(java)
          && (method.equals("*") || Files.readString(java).contains(" " + method + "("));
      if (Files.isDirectory(source) || declares) {
        return true;
      }
    }
    return false;
  }
}
