package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cli.view.CrashReport;
import io.dvault.cli.view.DiagnosticPrinter;
import io.dvault.cli.view.Terminal;
import io.dvault.console.Arguments;
import io.dvault.model.Diagnostic;
import io.dvault.model.Diagnostic.Snippet;
import io.dvault.model.SourcePosition;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class DvaultTest {
  @TempDir
  Path folder;

  @TestFactory
  Stream<DynamicTest> help_ofACommand_isTheSameBothWays() {
    return Dvault.commandNames().stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> {
          ScriptRun run = new ScriptRun(folder);
          assertEquals(0, run.dvault(List.of(), name, "--help"));
          String once = run.output();
          assertEquals(0, run.dvault(List.of(), "help", name));
          assertEquals(once, run.output());
        }));
  }

  @Test
  void run_withoutArguments_listsEveryCommand() {
    ScriptRun run = new ScriptRun(folder);
    assertEquals(0, run.dvault(List.of()));
    Dvault.commandNames().forEach(name -> assertTrue(run.output().contains("\n  " + name), name));
  }

  @Test
  void run_unforeseenException_saysBugAndWritesFramesWithoutMessages() throws Exception {
    Files.createDirectories(folder.resolve(".dvault"));
    RuntimeException crash = new IllegalStateException("AGE-SECRET-KEY-1SECRET");
    ScriptRun run = new ScriptRun(folder);
    Diagnostic bug = CrashReport.write(crash, run.context(List.of()), "apply");
    assertEquals("DV999", bug.code());
    try (Stream<Path> files = Files.list(folder.resolve(".dvault"))) {
      String text = Files.readString(files.findFirst().orElseThrow());
      assertTrue(text.contains("java.lang.IllegalStateException") && text.contains("  at "), text);
      assertFalse(text.contains("SECRET"), text);
    }
    assertFalse(bug.toString().contains("SECRET"));
  }

  @Test
  void run_failureOfTheSurroundings_writesNoCrashFile() throws Exception {
    Files.createDirectories(folder.resolve(".dvault"));
    ScriptRun run = new ScriptRun(folder);
    assertEquals(
        1,
        run.dvault(
            List.of(),
            "contract",
            "verify",
            "--rpc",
            "http://127.0.0.1:1",
            "--contract",
            "0x5FbDB2315678afecb367f032d93F642f64180aa3"),
        run::output);
    assertTrue(run.output().contains("[DV302]"), run.output());
    try (Stream<Path> files = Files.list(folder.resolve(".dvault"))) {
      assertEquals(List.of(), files.toList());
    }
  }

  /** The screen of docs/style.md, "Errors", and docs/screens.md, "validate". */
  @Test
  void print_diagnostics_looksAsTheScreens() {
    Diagnostic ttl = Diagnostic.error(
            "DV104",
            "ttl too short",
            "Devices look every 30s, so it could end before it arrives. Use at least 60s.")
        .at(new SourcePosition("grants/alice.yaml", 9, 8))
        .on("Grant \"alice-drone-7\" lasts 5s");
    Diagnostic field = Diagnostic.error("DV012", "unknown field \"princpals\"")
        .at(new SourcePosition("ssh/host-certs.yaml", 11, 3))
        .on("SshCertificate \"sshd-host\"")
        .showing(new Snippet(
            10,
            List.of(
                "  devices: {selector: {role: drone}}",
                "  princpals: [\"{device}.fleet.example\"]"),
            9))
        .hinting("did you mean \"principals\"?");
    assertEquals("""
        Error: ttl too short                                                        [DV104]
          grants/alice.yaml:9:8: Grant "alice-drone-7" lasts 5s
          Devices look every 30s, so it could end before it arrives. Use at least 60s.

        Error: unknown field "princpals"                                            [DV012]
          ssh/host-certs.yaml:11:3: SshCertificate "sshd-host"
             10 |   devices: {selector: {role: drone}}
             11 |   princpals: ["{device}.fleet.example"]
                |   ^^^^^^^^^ did you mean "principals"?

        """, printed(false, List.of(field, ttl)));
  }

  @Test
  void print_controlCharacters_neverReachTheTerminal() {
    String shown =
        printed(true, List.of(Diagnostic.error("DV001", "a\u001b[2Jb", "c\u0007d\u009be")));
    assertFalse(
        shown.contains("\u001b[2J") || shown.contains("\u0007") || shown.contains("\u009b"), shown);
    assertTrue(shown.contains("\u001b[31mError:\u001b[0m"), shown);
  }

  @Test
  void tally_counts_errorsAndWarnings() {
    Diagnostic error = Diagnostic.error("DV001", "a");
    assertEquals(
        "2 errors, 1 warning",
        DiagnosticPrinter.tally(List.of(error, error, Diagnostic.warning("DV001", "b"))));
    assertEquals("1 warning", DiagnosticPrinter.tally(List.of(Diagnostic.warning("DV001", "b"))));
    assertEquals("no errors", DiagnosticPrinter.tally(List.of()));
  }

  @Test
  void arguments_oneDashOrTwo_areTheSame() {
    Arguments parsed =
        Arguments.parse(List.of("-chdir=x", "apply", "-auto-approve", "-h", "-n", "--", "-json"));
    assertEquals("x", parsed.directory().orElseThrow());
    assertEquals(List.of("apply", "--auto-approve", "-h", "-n", "--", "-json"), parsed.rest());
  }

  private static String printed(boolean terminal, List<Diagnostic> diagnostics) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    new DiagnosticPrinter(new Terminal(stream, stream, terminal, terminal, terminal, 100))
        .print(diagnostics);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
