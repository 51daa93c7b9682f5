package io.dvault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code docs/diagnostics.md} lists exactly the codes that the sources and the launcher use. */
@Tag("E10")
class DiagnosticsDocumentTest {
  private static final Path ROOT = Path.of(System.getProperty("dvault.root", ".."));
  private static final Pattern USED = Pattern.compile("[\" ](DV[0-9]{3})[\" ]");
  private static final Pattern LISTED = Pattern.compile("^\\| (DV[0-9]{3}) \\|", Pattern.MULTILINE);

  @Test
  void document_listsEveryCodeInUse_andNoOther() throws IOException {
    Set<String> used = new TreeSet<>();
    for (Path source : sources()) {
      Matcher matcher = USED.matcher(Files.readString(source));
      while (matcher.find()) {
        used.add(matcher.group(1));
      }
    }
    assertTrue(used.size() > 50, () -> "too few codes found to prove anything: " + used);
    List<String> listed = listed();
    assertEquals(used, new TreeSet<>(listed));
    assertEquals(
        listed.stream().sorted(Comparator.naturalOrder()).toList(), listed, "sorted, each once");
  }

  private static List<String> listed() throws IOException {
    List<String> listed = new ArrayList<>();
    Matcher matcher = LISTED.matcher(Files.readString(ROOT.resolve("docs/diagnostics.md")));
    while (matcher.find()) {
      listed.add(matcher.group(1));
    }
    assertEquals(listed.size(), Set.copyOf(listed).size(), "a code is used twice");
    return listed;
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : List.of("schemas", "console", "contracts", "plugins", "engine", "agent")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
        files
            .filter(file ->
                file.toString().endsWith(".java") && file.toString().contains("src/main/java"))
            .filter(file -> !file.getFileName().toString().equals("package-info.java"))
            .forEach(sources::add);
      }
    }
    sources.add(ROOT.resolve("dvault"));
    return sources;
  }
}
