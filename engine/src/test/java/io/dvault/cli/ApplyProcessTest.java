package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.apply.CrashPoint.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
  private static final String KEYS = """
      apiVersion: dvault.io/v1
      kind: SshKey
      metadata: {name: robot}
      spec: {devices: {names: [drone-1]}, ttl: 7d, install: {path: /etc/robot}}
      """;

  @TempDir Path folder;

  private ScriptRun vault() throws IOException, InterruptedException {
    ScriptRun run = new ScriptRun(folder);
    Path script = folder.resolve("setup.script");
    Files.writeString(script, "| devnet\n$ dvault init --devnet --name fleet\n...\n| device drone-1\n");
    run.run(Script.read("setup", script));
    Files.writeString(folder.resolve("keys.yaml"), KEYS);
    return run;
  }

  @ParameterizedTest
  @EnumSource(names = {"READ_BACK", "SEND", "CLEAN_UP"})
  @Tag("T29") @Tag("S2")
  void apply_killedBySignalThenRerun_endsAsOneApply(Step step) throws Exception {
    try (ScriptRun run = vault()) {
      Process child = KilledApply.start(folder, step, folder.resolve("never"));
      try (BufferedReader out = reader(child)) {
        awaitLine(out, "AT " + step);
      } finally {
        child.destroyForcibly();
      }
      assertTrue(child.waitFor(30, TimeUnit.SECONDS));
      assertEquals(128 + 9, child.exitValue());

      assertEquals(0, run.dvault(List.of(), "apply", "--auto-approve"), run::output);
      boolean journaled = step != Step.READ_BACK;
      assertEquals(journaled, run.output().contains("what an interrupted apply had"), run::output);
      assertEquals(journaled, run.output().contains("No changes."), run::output);
      assertEquals(0, run.dvault(List.of(), "log"), run::output);
      assertTrue(run.output().contains("1 commit in block"), run::output);
      assertEquals(0, run.dvault(List.of(), "plan", "--detailed-exitcode"), run::output);
    }
  }

  @Test
  @Tag("T12") @Tag("S4")
  void apply_twoProcessesAtOnce_oneWinsTheOtherSaysSo() throws Exception {
    try (ScriptRun run = vault()) {
      for (int race = 1; race <= 3; race++) {
        Files.writeString(folder.resolve("keys.yaml"), KEYS.replace("robot", "robot-" + race));
        Path go = folder.resolve("go-" + race);
        Process one = KilledApply.start(folder, Step.SEND, go);
        Process two = KilledApply.start(folder, Step.SEND, go);
        String first;
        String second;
        try (BufferedReader a = reader(one); BufferedReader b = reader(two)) {
          awaitLine(a, "AT SEND");
          awaitLine(b, "AT SEND");
          Files.createFile(go);
          first = String.join("\n", a.lines().toList());
          second = String.join("\n", b.lines().toList());
        } finally {
          one.destroyForcibly();
          two.destroyForcibly();
        }
        assertEquals(1, one.waitFor() + two.waitFor(), first + second); // exit codes 0 and 1
        String won = one.exitValue() == 0 ? first : second;
        String lost = one.exitValue() == 0 ? second : first;
        assertTrue(won.contains("Apply complete: 1 issued"), won);
        assertTrue(lost.contains("Error: the vault moved on while you applied"), lost);
        assertTrue(lost.contains("epoch " + race + " was committed at"), lost);
      }
      assertEquals(0, run.dvault(List.of(), "log"), run::output);
      assertTrue(run.output().contains("3 commits"), run::output);
    }
  }

  private static BufferedReader reader(Process child) {
    return new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
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
