package io.dvault.workflow;

import io.dvault.apply.ApplyCheckpoint.Step;
import io.dvault.apply.ApplyPipeline.Outcome;
import io.dvault.apply.ApplyProgress;
import io.dvault.apply.Recovery;
import io.dvault.model.Diagnostic;
import java.nio.file.Path;
import java.util.List;

/**
 * Hears how a command that commits gets on. A screen and a stream of events implement it; a use case knows neither.
 * Calls of {@link ApplyProgress} come from several threads.
 */
public interface ApplyListener extends ApplyProgress {
  /** Something that the user should know, and that stops nothing. */
  void warning(Diagnostic warning);

  /** What Ctrl-C led to, in one sentence or two. */
  void interrupted(String words);

  /** What was found of an apply that had been interrupted. */
  void recovered(Recovery.Found found);

  /** Before each step of a commit. */
  void before(Step step);

  /** The plan is carried out in waves. */
  void inWaves(WaveCut cut);

  /**
   * @param number from 1
   * @param waves the devices of each
   */
  void waveStarted(int number, List<List<String>> waves);

  void committed(Outcome.Committed outcome);

  /** @param file where the proposal was written */
  void proposed(Outcome.Proposed outcome, Path file);

  void waitStarted();

  /** A look at the receipts, which does not end the wait. */
  void waiting(ReceiptWait.Result result);

  void waited(ReceiptWait.Result result, long epoch);

  /**
   * The commits of this command, all of them done.
   *
   * @param reporting what is to be said of devices that were waited for, or nothing
   */
  void complete(List<CommittedPlan> done, String reporting);

  /** The user stopped it; {@code words} say what was done. */
  void stopped(String words);

  /** Committed, but not what was asked for everywhere. */
  void notEverywhere(List<Diagnostic> diagnostics);
}
