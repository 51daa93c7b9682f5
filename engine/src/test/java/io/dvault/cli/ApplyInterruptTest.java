package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.apply.ApplyCheckpoint.Step;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real SIGINT and SIGTERM to a real process that applies. */
@Timeout(180)
@Tag("S3")
class ApplyInterruptTest {
  @TempDir
  Path folder;

  private ScriptRun run;

  @BeforeEach
  void vault() throws IOException, InterruptedException {
    run = ScriptRun.withOneKey(folder);
  }

  @AfterEach
  void close() {
    run.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"ISSUE", "JOURNAL_COMMIT"})
  void interrupt_beforeTheCommitIsSent_stopsAtTheNextSafePoint(Step step) throws Exception {
    interruptBeforeTheCommitIsSent(step);
  }

  @ParameterizedTest
  @EnumSource(names = {"PUBLISH", "READ_BACK", "APPROVE"})
  @Tag("slow")
  void interrupt_beforeTheCommitIsSent_stopsAtEverySafePoint(Step step) throws Exception {
    interruptBeforeTheCommitIsSent(step);
  }

  private void interruptBeforeTheCommitIsSent(Step step) throws Exception {
    HeldApply apply = new HeldApply(folder, step.name());
    apply.signal("INT");
    apply.awaitText(
        "Stopping at the next safe point; nothing is committed. Press Ctrl-C again to stop immediately.");
    apply.goOn();
    assertEquals(130, apply.exitCode(), apply::shown);
    assertTrue(apply.shown().contains("Stopped. Nothing was committed"), apply::shown);
    rerunCommitsOnce("Apply complete: 1 issued.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void interrupt_whileTheCommitIsInFlight_waitsForItsReceipt(String signal) throws Exception {
    HeldApply apply = new HeldApply(folder, Step.SEND.name());
    apply.signal(signal);
    apply.awaitText(
        "The commit is in flight: waiting for its receipt. Press Ctrl-C again to stop immediately.");
    apply.goOn();
    assertEquals(0, apply.exitCode(), apply::shown);
    assertTrue(apply.shown().contains("Apply complete: 1 issued."), apply::shown);
    rerunCommitsOnce("No changes.");
  }

  @Test
  @Tag("S2")
  void interrupt_twiceInFlight_leavesAtOnceAndARerunFinishesIt() throws Exception {
    HeldApply apply = new HeldApply(folder, Step.SEND.name());
    apply.signal("INT");
    apply.awaitText("in flight");
    apply.signal("INT");
    assertEquals(130, apply.exitCode(), apply::shown); // though nobody let it go on
    assertTrue(
        apply.shown().contains("The commit may still be mined: run the command again to check."),
        apply::shown);
    rerunCommitsOnce(
        "Completed an interrupted apply that was already approved: epoch 1, 1 issued.");
  }

  @Test
  void interrupt_twiceWhileIssuing_leavesAtOnce() throws Exception {
    HeldApply apply = new HeldApply(folder, Step.ISSUE.name());
    apply.signal("INT");
    apply.awaitText("Stopping");
    apply.signal("INT");
    assertEquals(130, apply.exitCode(), apply::shown);
    assertTrue(apply.shown().contains("Stopped immediately. Nothing was committed."), apply::shown);
    rerunCommitsOnce("Apply complete: 1 issued.");
  }

  @Test
  @Tag("S1")
  void interrupt_atThePrompt_changesNothing() throws Exception {
    HeldApply apply = new HeldApply(folder, Step.CLEAN_UP.name(), "apply", "--all");
    apply.awaitText("Enter \"yes\" to continue: ");
    apply.signal("INT");
    assertEquals(130, apply.exitCode(), apply::shown);
    assertTrue(apply.shown().contains("Stopped. Nothing was changed."), apply::shown);
    rerunCommitsOnce("Apply complete: 1 issued.");
  }

  @Test
  @Tag("S6")
  void interrupt_whileDevicesAreWaitedFor_saysThatTheCommitIsDoneAndWhoIsMissing()
      throws Exception {
    Files.createDirectories(folder.resolve(".dvault/receipts"));
    HeldApply apply =
        new HeldApply(folder, Step.CLEAN_UP.name(), "apply", "--auto-approve", "--wait=5m");
    apply.goOn();
    // The commit's line; a signal that is faster than the wait stops there too.
    apply.awaitText("epoch 1, block");
    apply.signal("INT");
    assertEquals(130, apply.exitCode(), apply::shown);
    assertTrue(
        apply
            .shown()
            .contains(
                "Stopped. Done: epoch 1, 1 issued. No longer waiting for: 1 device (drone-1)."),
        apply::shown);
    rerunCommitsOnce("No changes.");
  }

  @Test
  @Tag("S1")
  void interrupt_atThePromptOfGrant_changesNothingAndTakesTheFileBack() throws Exception {
    String[] grant = {
      "grant",
      "alice",
      "--device",
      "drone-1",
      "--account",
      "ops",
      "--ttl",
      "5m",
      "--reason",
      "INC-1",
      "--key",
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
    };
    HeldApply apply = new HeldApply(folder, Step.CLEAN_UP.name(), grant);
    apply.awaitText("Enter \"yes\" to continue: ");
    assertTrue(Files.exists(folder.resolve("grants/alice.yaml")));
    apply.signal("INT");
    assertEquals(130, apply.exitCode(), apply::shown);
    assertTrue(apply.shown().contains("Stopped. Nothing was changed."), apply::shown);
    assertFalse(Files.exists(folder.resolve("grants/alice.yaml")));
    rerunCommitsOnce("Apply complete: 1 issued.");
  }

  private void rerunCommitsOnce(String expected) {
    assertEquals(0, run.dvault(List.of(), "apply", "--auto-approve"), run::output);
    assertTrue(run.output().contains(expected), run::output);
    assertEquals(0, run.dvault(List.of(), "plan", "--detailed-exitcode"), run::output);
    assertEquals(0, run.dvault(List.of(), "log"), run::output);
    assertTrue(run.output().contains("1 commit in block"), run::output);
  }
}
