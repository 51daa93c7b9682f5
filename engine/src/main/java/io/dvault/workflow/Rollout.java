package io.dvault.workflow;

import io.dvault.apply.ApplyPipeline.Outcome;
import io.dvault.apply.ApplyStopped;
import io.dvault.desired.DesiredState;
import io.dvault.ledger.EvmSigner;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import io.dvault.model.Quantities;
import io.dvault.plan.Change;
import io.dvault.plan.Plan;
import io.dvault.plan.PlanOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Carries a plan out in one commit, or device by device in waves: each is a commit of its own, and
 * the next one comes only
 * when the devices of this one have reported by signed receipts (docs/requirements.md S6). Every
 * wave is planned anew on the epoch before it, at the plan's own instant, and does nothing that the
 * plan did not say.
 */
public final class Rollout {
  private static final String REST = " The rest is unchanged. Run the same command to continue.";

  private final ApplySession run;
  private final RolloutSettings settings;
  private final ApplyListener listener;
  private final RolloutReport report = new RolloutReport();

  /** How it ended. */
  public enum End {
    /** All is committed, or proposed, and devices that were waited for report it. */
    DONE,
    /** Committed, but devices failed or did not report in time, or waves are left. */
    NOT_EVERYWHERE,
    /** The user stopped it. */
    INTERRUPTED
  }

  public Rollout(ApplySession run, RolloutSettings settings) {
    this.run = run;
    this.settings = settings;
    this.listener = run.listener();
  }

  /** Refuses, before anybody is asked, what could not be carried through, and says how it is cut. */
  public void prepare(Planning planning) {
    settings.patience().ifPresent(unused -> Receipts.requireFolder(receipts()));
    if (settings.inWaves()) {
      requireApprovers();
      WaveCut cut = WaveCut.of(planning, settings);
      cut.requireOneKeyOfEachAuthority();
      listener.inWaves(cut);
    }
  }

  private void requireApprovers() {
    int threshold =
        run.connection().ledger().governance(run.connection().vault()).threshold();
    if (run.approvers().size() < threshold) {
      throw new DiagnosticException(Diagnostic.error(
          "DV315",
          "waves need the approvers' keys",
          "Each wave is a commit, which takes " + Quantities.count(threshold, "approval")
              + "; a proposal is one commit.",
          "Add the approvers' keys with --approver, or remove --waves. Nothing was changed."));
    }
  }

  private Path receipts() {
    return run.environment().resolve(settings.receipts());
  }

  /** The listener heard everything that there is to say. */
  public End carryOut(Planning planning, String reason) {
    List<List<String>> waves =
        settings.inWaves() ? WaveCut.of(planning, settings).waves() : List.of();
    try {
      return waves.size() < 2 ? atOnce(planning, reason) : inWaves(planning, waves, reason);
    } catch (ApplyStopped e) {
      return stopped();
    }
  }

  private End atOnce(Planning planning, String reason) {
    switch (commit(planning, reason)) {
      case Outcome.Proposed proposed -> {
        Path file = ProposalFiles.write(run.workspace().root(), proposed.proposal(), reason);
        listener.proposed(proposed, file);
        return End.DONE;
      }
      case Outcome.Committed committed -> {
        return await(committed, planning.plan(), result -> false) ? conclude() : leftWaiting();
      }
    }
  }

  private End inWaves(Planning whole, List<List<String>> waves, String reason) {
    Map<String, Set<EntryAddress>> byDevice = WaveCut.byDevice(whole.plan());
    Set<EntryAddress> all =
        byDevice.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    Set<EntryAddress> before = new HashSet<>();
    for (int i = 0; i < waves.size(); i++) {
      boolean last = i == waves.size() - 1;
      Set<EntryAddress> mine = waves.get(i).stream()
          .flatMap(device -> byDevice.get(device).stream())
          .collect(Collectors.toSet());
      PlanOptions options = whole.input().options();
      PlanOptions part = last && i > 0 ? options.without(before, all) : options.within(mine);
      before.addAll(mine);
      int commits = report.done().size();
      try {
        Optional<End> ended = wave(again(whole, part), waves, i, reason);
        if (ended.isPresent()) {
          return ended.get();
        }
      } catch (ApplyStopped e) {
        throw e;
      } catch (RuntimeException e) {
        if (report.done().isEmpty()) {
          throw e; // nothing was committed, and it says so itself
        }
        List<Diagnostic> why = new ArrayList<>(
            e instanceof DiagnosticException known
                ? known.diagnostics().stream().map(RolloutReport::ofOneWave).toList()
                : List.of(EnvironmentFailures.expected(e).orElseThrow(() -> e)));
        why.add(report.brokenOff(i + 1, waves, report.done().size() > commits ? i + 1 : i));
        return notEverywhere(why);
      }
    }
    return conclude();
  }

  /** One wave; the rollout's end if it comes before all waves are done. */
  private Optional<End> wave(Planning wave, List<List<String>> waves, int index, String reason) {
    boolean last = index == waves.size() - 1;
    if (wave.plan().isEmpty()) {
      return Optional.empty(); // carried along by an earlier wave
    }
    listener.waveStarted(index + 1, waves);
    if (!(commit(wave, reason) instanceof Outcome.Committed committed)) {
      throw new IllegalStateException("a wave became a proposal");
    }
    if (!await(committed, wave.plan(), result -> !last && isOver(result.failed().keySet()))) {
      return Optional.of(last ? leftWaiting() : leftBetween());
    }
    if (!last && isOver(Set.of())) {
      return Optional.of(notEverywhere(List.of(report.stoppedAfter(index + 1, waves))));
    }
    if (!last) {
      run.interruption().betweenCommits();
    }
    return Optional.empty();
  }

  /** The same plan on the epoch that the last wave made, for less. */
  private Planning again(Planning whole, PlanOptions options) {
    Planning wave =
        Planning.make(run.workspace(), run.connection(), options, whole.plan().at());
    long expected = whole.plan().base().epoch() + report.done().size();
    Set<String> said =
        whole.plan().changes().stream().map(Rollout::identity).collect(Collectors.toSet());
    boolean more =
        wave.plan().changes().stream().anyMatch(change -> !said.contains(identity(change)));
    if (wave.plan().base().epoch() != expected || more) {
      throw new DiagnosticException(Diagnostic.error(
          "DV316",
          "the vault changed during the rollout",
          more
              ? "A guardian revoked something, or the plan changed."
              : "Another commit was made: it is at epoch " + wave.plan().base().epoch() + ", not "
                  + expected + ".",
          (report.done().isEmpty() ? "Nothing was changed. " : "") + "Run `dvault plan` again."));
    }
    return wave;
  }

  private static String identity(Change change) {
    return change.getClass().getSimpleName() + " " + change.entry() + " " + change.device();
  }

  private Outcome commit(Planning planning, String reason) {
    List<EvmSigner> approvers = run.approvers();
    Outcome outcome = run.applier().apply(planning.input(), planning.plan(), approvers, reason);
    if (outcome instanceof Outcome.Committed committed) {
      listener.committed(committed);
      report.committed(new CommittedPlan(committed, planning.plan()));
    }
    return outcome;
  }

  /**
   * False when somebody asked to stop meanwhile.
   *
   * @param enough whether so many failures end the wait before everybody has reported
   */
  private boolean await(
      Outcome.Committed committed, Plan plan, Predicate<ReceiptWait.Result> enough) {
    if (settings.patience().isEmpty()) {
      return true;
    }
    DesiredState desired = run.workspace().desired();
    long epoch = committed.done().event().commit().epoch();
    List<ExpectedReceipt> devices = ExpectedReceipt.of(plan, desired, epoch, committed.at());
    Receipts receipts =
        new Receipts(receipts(), run.connection().vault(), desired.devices().values());
    report.asked(devices);
    ReceiptWait.Result result = new ReceiptWait(
            receipts, run.interruption(), run.environment().clock(), listener)
        .await(devices, epoch, settings.patience().get(), enough);
    report.waited(result);
    return !result.stopped()
        || result.missing().isEmpty(); // all reported: there was nothing left to stop
  }

  /** Whether too many devices failed, {@code more} among them. */
  private boolean isOver(Set<String> more) {
    return report.isOver(settings.limit(), more);
  }

  /** All was committed: well if every device that was waited for has it. */
  private End conclude() {
    if (!report.isGood()) {
      return notEverywhere(List.of(report.notEverywhere()));
    }
    listener.complete(report.done(), report.reporting());
    return End.DONE;
  }

  private End notEverywhere(List<Diagnostic> diagnostics) {
    listener.notEverywhere(diagnostics);
    return End.NOT_EVERYWHERE;
  }

  private End leftWaiting() {
    return interrupted("Stopped. " + report.doneInWords() + report.notWaitedFor());
  }

  private End leftBetween() {
    return interrupted("Stopped. " + report.doneInWords() + report.notWaitedFor() + REST);
  }

  private End stopped() {
    return interrupted(
        report.done().isEmpty()
            ? "Stopped. Nothing was committed; published blocks are unused."
            : "Stopped. " + report.doneInWords() + REST);
  }

  private End interrupted(String words) {
    listener.stopped(words);
    return End.INTERRUPTED;
  }
}
