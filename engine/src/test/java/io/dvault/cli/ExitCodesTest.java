package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.console.ExitStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** There is one table of exit codes; each is returned somewhere, and no other is. */
@Tag("E6")
@Tag("P2")
class ExitCodesTest {
  private static final Path ROOT = Path.of(System.getProperty("dvault.root", ".."));
  private static final Pattern STEP =
      Pattern.compile("^\\$ (dvault|dvault-agent) .*\\n\\? ([0-9]+)$", Pattern.MULTILINE);

  private static String agentTable() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    io.dvault.agent.Main.run(
        new PrintStream(bytes, true, StandardCharsets.UTF_8), System.err, "help", "exit-codes");
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String dvaultTable() {
    ScriptRun run = new ScriptRun(Path.of("").toAbsolutePath());
    assertEquals(0, run.dvault(List.of(), "help", "exit-codes"));
    return run.output();
  }

  @Test
  void document_isTheTableOfBothPrograms() throws IOException {
    String document = Files.readString(ROOT.resolve("docs/exit-codes.md"));
    assertTrue(
        document.contains("```\n" + dvaultTable() + "```"),
        () -> "docs/exit-codes.md lacks\n" + dvaultTable());
    assertTrue(
        document.contains("```\n" + agentTable() + "```"),
        () -> "docs/exit-codes.md lacks\n" + agentTable());
  }

  /** Scripts run the real program and say what it returned; a step without a code expects 0. */
  @Test
  void eachCode_isReturnedByAScript_andNoOther() throws IOException {
    Set<Integer> returned = returnedBy("dvault");
    returned.addAll(interrupted());
    assertEquals(
        ExitCode.TABLE.stream()
            .map(ExitStatus::code)
            .collect(Collectors.toCollection(TreeSet::new)),
        returned);
    assertEquals(Set.of(0, 1, 2), returnedBy("dvault-agent"));
  }

  /** No script can press Ctrl-C: a test with a process of its own does. */
  private static Set<Integer> interrupted() throws IOException {
    Path test = ROOT.resolve("engine/src/test/java/io/dvault/cli/ApplyInterruptTest.java");
    Matcher expected = Pattern.compile("assertEquals\\(([0-9]+), apply\\.exitCode\\(\\)")
        .matcher(Files.readString(test));
    return expected
        .results()
        .map(each -> Integer.parseInt(each.group(1)))
        .collect(Collectors.toSet());
  }

  private static Set<Integer> returnedBy(String program) throws IOException {
    Set<Integer> codes = new TreeSet<>(Set.of(0));
    try (Stream<Path> scripts = Files.walk(ROOT.resolve("engine/src/test/resources/scripts"))) {
      for (Path script :
          scripts.filter(file -> file.toString().endsWith(".txt")).toList()) {
        Matcher step = STEP.matcher(Files.readString(script));
        while (step.find()) {
          if (step.group(1).equals(program)) {
            codes.add(Integer.parseInt(step.group(2)));
          }
        }
      }
    }
    return codes;
  }
}
