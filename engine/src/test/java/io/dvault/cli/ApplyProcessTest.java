package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.apply.ApplyCheckpoint.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Applies in processes of their own: killed by SIGKILL, and two at once. */
@Timeout(180)
class ApplyProcessTest {

  @TempDir
  Path folder;

  @Test
  @Tag("T29")
  @Tag("S2")
  void apply_killedBySignalInFlightThenRerun_endsAsOneApply() throws Exception {
    killThenRerun(Step.SEND);
  }

  @ParameterizedTest
  @EnumSource(names = {"READ_BACK", "CLEAN_UP"})
  @Tag("T29")
  @Tag("S2")
  @Tag("slow")
  void apply_killedBySignalThenRerun_endsAsOneApply(Step step) throws Exception {
    killThenRerun(step);
  }

  private void killThenRerun(Step step) throws Exception {
    try (ScriptRun run = ScriptRun.withOneKey(folder)) {
      Process child = KilledApply.start(folder, step.name(), folder.resolve("never"));
      try (BufferedReader out = reader(child)) {
        awaitLine(out, "AT " + step);
      } finally {
        child.destroyForcibly();
      }
      assertTrue(child.waitFor(30, TimeUnit.SECONDS));
      assertEquals(128 + 9, child.exitValue());

      assertEquals(0, run.dvault(List.of(), "apply", "--auto-approve"), run::output);
      boolean journaled = step != Step.READ_BACK;
      assertTrue(
          run.output()
              .startsWith(
                  switch (step) {
                    case SEND ->
                      "Completed an interrupted apply that was already approved: epoch 1, 1 issued.";
                    case CLEAN_UP -> "Found the commit of an interrupted apply: epoch 1, 1 issued.";
                    default -> "Found an interrupted apply that was not committed";
                  }),
          run::output);
      assertEquals(journaled, run.output().contains("No changes."), run::output);
      assertEquals(0, run.dvault(List.of(), "log"), run::output);
      assertTrue(run.output().contains("1 commit in block"), run::output);
      assertEquals(0, run.dvault(List.of(), "plan", "--detailed-exitcode"), run::output);
    }
  }

  @Test
  @Tag("T12")
  @Tag("S4")
  void apply_twoProcessesAtOnceTwice_oneWinsTheOtherSaysSo() throws Exception {
    race(2);
  }

  @Test
  @Tag("T12")
  @Tag("S4")
  @Tag("slow")
  void apply_twoProcessesAtOnceFiftyTimes_oneWinsTheOtherSaysSo() throws Exception {
    race(50);
  }

  /** Each of two processes runs the whole command; both come to the point of sending, then both send. */
  private void race(int races) throws Exception {
    try (ScriptRun run = ScriptRun.withOneKey(folder);
        Racer one = new Racer(folder);
        Racer two = new Racer(folder)) {
      int won = 0;
      for (int race = 1; race <= races; race++) {
        Files.writeString(
            folder.resolve("keys.yaml"), ScriptRun.ONE_KEY.replace("robot", "robot-" + race));
        one.go();
        two.go();
        assertEquals("SEND", one.line());
        assertEquals("SEND", two.line());
        one.go();
        two.go();
        String first = one.line();
        String second = two.line();
        boolean firstWon = first.startsWith("0 ");
        won += firstWon ? 1 : 0;
        String winner = firstWon ? first : second;
        String loser = firstWon ? second : first;
        assertTrue(winner.startsWith("0 ") && winner.contains("Apply complete: 1 issued"), winner);
        assertTrue(
            loser.startsWith("1 ") && loser.contains("Error: the vault moved on while you applied"),
            loser);
        assertTrue(
            loser.contains(
                "You planned on epoch " + (race - 1) + "; epoch " + race + " was committed at"),
            loser);
      }
      System.out.println("Of " + races + " races the first process won " + won + ".");
      assertEquals(0, run.dvault(List.of(), "log"), run::output);
      assertTrue(run.output().contains(races + " commits"), run::output);
      assertEquals(0, run.dvault(List.of(), "plan", "--detailed-exitcode"), run::output);
    }
  }

  /** {@link RacingApply} in a process of its own. */
  private static final class Racer implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final PrintStream in;

    Racer(Path folder) throws IOException {
      this.process = new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              RacingApply.class.getName(),
              folder.toString())
          .redirectErrorStream(true)
          .start();
      this.out = reader(process);
      this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    void go() {
      in.println();
    }

    String line() throws IOException {
      String line = out.readLine();
      assertTrue(line != null, "the process ended");
      return line;
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static BufferedReader reader(Process child) {
    return new BufferedReader(
        new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void awaitLine(BufferedReader out, String wanted) throws IOException {
    StringBuilder seen = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      seen.append(line).append("\n");
      if (line.equals(wanted)) {
        return;
      }
    }
    throw new AssertionError("the process ended before \"" + wanted + "\":\n" + seen);
  }
}
