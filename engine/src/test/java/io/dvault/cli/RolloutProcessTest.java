package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A rollout in waves to real agents, in a process of its own: stopped by SIGINT, overtaken, left by its chain. */
@Timeout(180)
@Tag("S6")
class RolloutProcessTest {
  private static final String[] WAVES = {"apply", "--auto-approve", "--waves", "1,100%", "--wait=2m"
  };

  @TempDir
  Path temp;

  private Path folder;
  private ScriptRun run;

  @BeforeEach
  void vault() throws IOException, InterruptedException {
    folder = Files.createDirectories(temp.resolve("vault"));
    run = new ScriptRun(folder);
    script(
        "| devnet\n$ dvault init --devnet --name fleet\n...\n| agent drone-1\n| agent drone-2\n");
    Files.writeString(folder.resolve("keys.yaml"), """
        apiVersion: dvault.io/v1
        kind: SshKey
        metadata: {name: robot}
        spec: {devices: {names: ["drone-*"]}, ttl: 7d, install: {path: /etc/keys}}
        """);
  }

  @AfterEach
  void close() {
    run.close();
  }

  /** Its steps go on: agents that look do so until the test ends. */
  private void script(String text) throws IOException, InterruptedException {
    run.runSteps(Script.parse("steps", text));
  }

  /** Just after the second wave was announced, and while it is being made. */
  @ParameterizedTest
  @CsvSource({"says Wave 2 of 2, Wave 2 of 2", "ISSUE 2, AT ISSUE 2"})
  @Tag("S3")
  void interrupt_betweenTwoWaves_saysWhatIsDoneAndTheSameCommandGoesOn(String place, String shown)
      throws Exception {
    HeldApply apply = new HeldApply(folder, place, WAVES);
    script("| look drone-1 drone-2\n");
    apply.awaitText(shown);
    apply.signal("INT");
    apply.awaitText(
        "Stopping at the next safe point; nothing more is committed. Press Ctrl-C again to stop immediately.");
    apply.goOn();
    assertEquals(130, apply.exitCode(), apply::shown);
    assertTrue(
        apply
            .shown()
            .contains(
                "Stopped. Done: epoch 1, 1 issued. The rest is unchanged. Run the same command to continue."),
        apply::shown);
    assertEquals(0, run.dvault(List.of(), WAVES), run::output);
    assertTrue(
        run.output().contains("Apply complete: 1 issued. The device reports it."), run::output);
    assertEpoch(2);
  }

  @Test
  @Tag("S3")
  @Tag("slow")
  void interrupt_whileAWaveIsWaitedFor_saysThatTheRestIsAsItWas() throws Exception {
    HeldApply apply = new HeldApply(folder, "never", WAVES);
    apply.awaitText("epoch 1, block");
    apply.signal("INT");
    assertEquals(130, apply.exitCode(), apply::shown);
    assertTrue(
        apply
            .shown()
            .contains(
                "Stopped. Done: epoch 1, 1 issued. No longer waiting for: 1 device (drone-1). The rest is "
                    + "unchanged. Run the same command to continue."),
        apply::shown);
  }

  @Test
  @Tag("E6")
  @Tag("slow")
  void somebodyCommits_betweenTwoWaves_stopsWithTheCodeOfAnUnfinishedRollout() throws Exception {
    HeldApply apply = new HeldApply(folder, "never", WAVES);
    apply.awaitText("epoch 1, block"); // the first wave's commit; nobody looks yet
    assertEquals(0, run.dvault(List.of(), "apply", "--auto-approve"), run::output);
    script("| look drone-1 drone-2\n");
    assertEquals(4, apply.exitCode(), apply::shown);
    assertTrue(apply.shown().contains("Error: the vault changed during the rollout"), apply::shown);
    assertTrue(
        apply.shown().contains("Another commit was made: it is at epoch 2, not 1."), apply::shown);
    assertTrue(apply.shown().contains("Error: the rollout stopped in wave 2 of 2"), apply::shown);
    assertTrue(
        apply.shown().contains("Done: epoch 1, 1 issued. Not done: 1 device (drone-2)."),
        apply::shown);
    assertEpoch(2);
  }

  /** Between two waves it would be untrue that nothing was changed. */
  @Test
  @Tag("E6")
  @Tag("slow")
  void gatewayGoes_betweenTwoWaves_stopsWithTheCodeOfAnUnfinishedRollout() throws Exception {
    HeldApply apply = new HeldApply(folder, "ISSUE 2", WAVES);
    script("| look drone-1 drone-2\n");
    apply.awaitText("AT ISSUE 2");
    run.close(); // the devnet, its gateway too
    apply.goOn();
    assertEquals(4, apply.exitCode(), apply::shown);
    assertTrue(apply.shown().contains("Error: the rollout stopped in wave 2 of 2"), apply::shown);
    assertTrue(
        apply.shown().contains("Done: epoch 1, 1 issued. Not done: 1 device (drone-2)."),
        apply::shown);
  }

  private void assertEpoch(int epoch) {
    assertEquals(0, run.dvault(List.of(), "plan", "--detailed-exitcode"), run::output);
    assertEquals(0, run.dvault(List.of(), "log"), run::output);
    assertTrue(run.output().contains(epoch + " commits"), run::output);
  }
}
