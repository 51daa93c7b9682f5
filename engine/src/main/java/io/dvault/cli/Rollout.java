package io.dvault.cli;

import io.dvault.apply.Applier.Outcome;
import io.dvault.apply.ApplyStopped;
import io.dvault.cli.ApplyScreen.Done;
import io.dvault.config.DesiredState;
import io.dvault.ledger.EvmSigner;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import io.dvault.plan.Change;
import io.dvault.plan.FailureLimit;
import io.dvault.plan.Plan;
import io.dvault.plan.PlanOptions;
import io.dvault.plan.Waves;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Carries a plan out in one commit, or device by device in waves: each is a commit of its own, and the next one comes only
 * when the devices of this one have reported by signed receipts (docs/requirements.md S6). Every
 * wave is planned anew on the epoch before it, at the plan's own instant, and does nothing that the
 * plan did not say.
 */
final class Rollout {
  private static final String REST = " The rest is as it was; the same command goes on with it.";

  private final CommandContext context;
  private final ApplyRun run;
  private final Settings settings;
  private final ApplyScreen screen;
  private final RolloutReport report = new RolloutReport();

  /**
   * @param canaries who comes first: names or {@code label=value}
   * @param patience how long devices may take to report one commit; empty: they are not waited for
   * @param receipts folder where receipts arrive
   */
  record Settings(Waves waves, List<String> canaries, FailureLimit limit, Optional<Duration> patience, String receipts) {
    static final Settings NONE = new Settings(Waves.ONE, List.of(), FailureLimit.NONE, Optional.empty(), "");

    boolean inWaves() {
      return waves.sizes().size() > 1;
    }
  }

  Rollout(CommandContext context, ApplyRun run, Settings settings) {
    this.context = context;
    this.run = run;
    this.settings = settings;
    this.screen = new ApplyScreen(context);
  }

  /** Refuses, before anybody is asked, what could not be carried through, and says how it is cut. */
  void prepare(Planning planning) {
    settings.patience().ifPresent(unused -> Receipts.requireFolder(context.resolve(settings.receipts())));
    if (settings.inWaves()) {
      requireApprovers();
      WaveCut cut = WaveCut.of(planning, settings);
      cut.requireOneKeyOfEachAuthority();
      context.terminal().println(cut.words());
    }
  }

  private void requireApprovers() {
    int threshold = run.connection().ledger().governance(run.connection().vault()).threshold();
    if (run.approvers().size() < threshold) {
      throw new DiagnosticException(Diagnostic.error("DV315", "waves need the approvers at hand",
          "Each wave is a commit, which takes " + Words.count(threshold, "approval") + "; a proposal is one commit.",
          "Name the approvers' keys with --approver, or leave --waves out. Nothing was changed."));
    }
  }

  /** Returns the exit code; everything was said. */
  int carryOut(Planning planning, String reason) {
    List<List<String>> waves = settings.inWaves() ? WaveCut.of(planning, settings).waves() : List.of();
    try {
      return waves.size() < 2 ? atOnce(planning, reason) : inWaves(planning, waves, reason);
    } catch (ApplyStopped e) {
      stopped();
      return ExitCode.INTERRUPTED;
    }
  }

  private int atOnce(Planning planning, String reason) {
    switch (commit(planning, reason)) {
      case Outcome.Proposed proposed -> {
        Path file = ProposalFiles.write(run.workspace().root(), proposed.proposal(), reason);
        screen.proposed(proposed, context.directory().relativize(file).toString());
        return ExitCode.OK;
      }
      case Outcome.Committed committed -> {
        return await(committed, planning.plan(), result -> false) ? conclude() : leftWaiting();
      }
    }
  }

  private int inWaves(Planning whole, List<List<String>> waves, String reason) {
    Map<String, Set<EntryAddress>> byDevice = WaveCut.byDevice(whole.plan());
    Set<EntryAddress> all = byDevice.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    Set<EntryAddress> before = new HashSet<>();
    for (int i = 0; i < waves.size(); i++) {
      boolean last = i == waves.size() - 1;
      Set<EntryAddress> mine =
          waves.get(i).stream().flatMap(device -> byDevice.get(device).stream()).collect(Collectors.toSet());
      PlanOptions options = whole.input().options();
      PlanOptions part = last && i > 0 ? options.without(before, all) : options.within(mine);
      before.addAll(mine);
      int commits = report.done().size();
      try {
        Optional<Integer> ended = wave(again(whole, part), waves, i, reason);
        if (ended.isPresent()) {
          return ended.get();
        }
      } catch (ApplyStopped e) {
        throw e;
      } catch (RuntimeException e) {
        if (report.done().isEmpty()) {
          throw e; // nothing was committed, and it says so itself
        }
        List<Diagnostic> why = new ArrayList<>(e instanceof DiagnosticException known
            ? known.diagnostics().stream().map(RolloutReport::ofOneWave).toList()
            : List.of(Failures.expected(e).orElseThrow(() -> e)));
        why.add(report.brokenOff(i + 1, waves, report.done().size() > commits ? i + 1 : i));
        return notEverywhere(why);
      }
    }
    return conclude();
  }

  /** One wave; the exit code if it is the end of the rollout before all waves are done. */
  private Optional<Integer> wave(Planning wave, List<List<String>> waves, int index, String reason) {
    boolean last = index == waves.size() - 1;
    if (wave.plan().isEmpty()) {
      return Optional.empty(); // carried along by an earlier wave
    }
    begin(index + 1, waves);
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

  private void begin(int wave, List<List<String>> waves) {
    List<String> devices = waves.get(wave - 1);
    if (context.events().isPresent()) {
      new ApplyEvents(context.events().get()).wave(wave, waves.size(), devices);
      return;
    }
    if (!report.done().isEmpty()) {
      context.terminal().println("");
    }
    context.terminal().println("Wave " + wave + " of " + waves.size() + ": " + RolloutReport.some(devices));
  }

  /** The same plan on the epoch that the last wave made, for less. */
  private Planning again(Planning whole, PlanOptions options) {
    Planning wave = Planning.make(run.workspace(), run.connection(), options, whole.plan().at());
    long expected = whole.plan().base().epoch() + report.done().size();
    Set<String> said = whole.plan().changes().stream().map(Rollout::identity).collect(Collectors.toSet());
    boolean more = wave.plan().changes().stream().anyMatch(change -> !said.contains(identity(change)));
    if (wave.plan().base().epoch() != expected || more) {
      throw new DiagnosticException(Diagnostic.error("DV316", "the vault changed during the rollout",
          more ? "A guardian revoked something, or what is to be done came out differently."
              : "Somebody else committed: it is at epoch " + wave.plan().base().epoch() + ", not " + expected + ".",
          (report.done().isEmpty() ? "Nothing was changed. " : "") + "Run `dvault plan` again."));
    }
    return wave;
  }

  private static String identity(Change change) {
    return change.getClass().getSimpleName() + " " + change.entry() + " " + change.device();
  }

  private Outcome commit(Planning planning, String reason) {
    List<EvmSigner> approvers = run.approvers();
    Outcome outcome = run.applier(screen).apply(planning.input(), planning.plan(), approvers, reason);
    if (outcome instanceof Outcome.Committed committed) {
      screen.committed(committed);
      report.committed(new Done(committed, planning.plan()));
    }
    return outcome;
  }

  /**
   * False when somebody asked to stop meanwhile.
   *
   * @param enough whether so many failures end the wait before everybody has reported
   */
  private boolean await(Outcome.Committed committed, Plan plan, Predicate<ReceiptWait.Result> enough) {
    if (settings.patience().isEmpty()) {
      return true;
    }
    DesiredState desired = run.workspace().desired();
    long epoch = committed.done().event().commit().epoch();
    List<Awaited> devices = Awaited.of(plan, desired, epoch, committed.at());
    Receipts receipts =
        new Receipts(context.resolve(settings.receipts()), run.connection().vault(), desired.devices().values());
    report.asked(devices);
    ReceiptWait.Result result = new ReceiptWait(context, receipts, run.interruption())
        .await(devices, epoch, settings.patience().get(), enough);
    report.waited(result);
    return !result.stopped() || result.missing().isEmpty(); // all reported: there was nothing left to stop
  }

  /** Whether too many devices failed, {@code more} among them. */
  private boolean isOver(Set<String> more) {
    return report.isOver(settings.limit(), more);
  }

  /** All was committed: well if every device that was waited for has it. */
  private int conclude() {
    if (!report.isGood()) {
      return notEverywhere(List.of(report.notEverywhere()));
    }
    screen.complete(report.done(), report.reporting());
    return ExitCode.OK;
  }

  private int notEverywhere(List<Diagnostic> diagnostics) {
    if (context.events().isPresent()) {
      diagnostics.forEach(context.events().get()::diagnostic);
      return ExitCode.NOT_EVERYWHERE;
    }
    context.terminal().println("");
    new DiagnosticPrinter(context.terminal()).print(diagnostics);
    return ExitCode.NOT_EVERYWHERE;
  }

  private int leftWaiting() {
    context.terminal().err().println("Stopped. " + report.doneInWords() + report.notWaitedFor());
    return ExitCode.INTERRUPTED;
  }

  private int leftBetween() {
    context.terminal().err().println("Stopped. " + report.doneInWords() + report.notWaitedFor() + REST);
    return ExitCode.INTERRUPTED;
  }

  private void stopped() {
    context.terminal().err().println(report.done().isEmpty()
        ? "Stopped. Nothing was committed; what was published is referred to by nobody."
        : "Stopped. " + report.doneInWords() + REST);
  }
}
