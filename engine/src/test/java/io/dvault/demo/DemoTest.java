package io.dvault.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.model.DiagnosticException;
import io.dvault.testing.Peers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code dvault demo} to its end: every row of its table was seen, and nothing of it is left. */
@Timeout(180)
@Tag("O14")
@Tag("O15")
@Tag("I7")
@Tag("I8")
@Tag("T14")
class DemoTest {
  private static final List<String> ROWS = List.of(
      "3 drones install their host certificates",
      "alice is kept out of drone-2",
      "a grant of 20 s is committed",
      "drone-2 installs it",
      "alice logs in",
      "it ends by itself",
      "and its key line is removed",
      "a revoke ends a live session",
      "one flipped byte is refused");

  @Test
  @Tag("peer:sshd")
  @Tag("peer:ssh")
  void run_withOpenSsh_seesEachRowAndLeavesNothing() throws IOException {
    Path sshd = Peers.path("sshd");
    Path ssh = Peers.path("ssh");
    String said = play(List.of(sshd.getParent(), ssh.getParent()), false);
    assertTrue(said.contains("OpenSSH"), said);
    assertFalse(said.contains("stands in"), said);
  }

  @Test
  @Tag("slow")
  void run_withoutOpenSsh_minaStandsIn() throws IOException {
    String said = play(List.of(), true);
    assertTrue(said.contains("is used; to use OpenSSH: apt install openssh-server"), said);
  }

  private static String play(List<Path> searchPath, boolean forceMina) throws IOException {
    Commands commands = new Commands();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try {
      Demo.run(
          new Demo.Settings(commands.dvault(), commands.agent(), searchPath, forceMina, false),
          commands,
          out);
    } catch (DiagnosticException e) {
      throw new AssertionError(bytes.toString(StandardCharsets.UTF_8) + e.diagnostics(), e);
    }
    String said = bytes.toString(StandardCharsets.UTF_8);

    List<String> table = said.lines()
        .dropWhile(line -> !line.startsWith("what was seen"))
        .skip(1)
        .takeWhile(line -> !line.isBlank())
        .toList();
    assertEquals(ROWS, table.stream().map(line -> line.substring(0, 45).strip()).toList(), said);
    assertTrue(said.contains("Cleaned up: no processes or files remain."), said);
    assertFalse(commands.folders().isEmpty());
    for (Path vault : commands.folders()) {
      Path folder = vault.getParent();
      assertFalse(Files.exists(folder), () -> folder + " is left");
      assertEquals(List.of(), runningIn(folder), said);
    }
    return said;
  }

  private static List<String> runningIn(Path folder) {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.map(handle -> handle.info().commandLine().orElse(""))
          .filter(line -> line.contains(folder.toString()))
          .toList();
    }
  }
}
