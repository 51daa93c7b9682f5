package io.dvault.cli;

import io.dvault.apply.Applier.Outcome;
import io.dvault.apply.ApplyStopped;
import io.dvault.cli.ApplyScreen.Done;
import io.dvault.config.DesiredState;
import io.dvault.config.DeviceDeclaration;
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
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Carries a plan out in one commit, or device by device in waves: each is a commit of its own, and the next one comes only
 * when the devices of this one have reported by signed receipts (FEATURES S6). Every wave is planned anew on the epoch
 * before it, at the plan's own instant, and does nothing that the plan did not say.
 */
final class Rollout {
  private static final int MOST_SHOWN = 20;

  private final CommandContext context;
  private final ApplyRun run;
  private final Settings settings;
  private final ApplyScreen screen;
  private final List<Done> done = new ArrayList<>();
  private final Map<String, List<String>> failed = new LinkedHashMap<>();
  private final Map<String, String> missing = new LinkedHashMap<>();
  private final Set<String> asked = new TreeSet<>();
  private final Set<String> reported = new TreeSet<>();

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
      int threshold = run.connection().ledger().governance(run.connection().vault()).threshold();
      if (run.approvers().size() < threshold) {
        throw new DiagnosticException(Diagnostic.error("DV315", "waves need the approvers at hand",
            "Each wave is a commit, which takes " + Words.count(threshold, "approval") + "; a proposal is one commit.",
            "Name the approvers' keys with --approver, or leave --waves out. Nothing was changed."));
      }
      List<List<String>> waves = settings.waves().cut(order(planning));
      context.terminal().println("In " + Words.count(waves.size(), "wave") + ", each a transaction: "
          + String.join(", ", waves.stream().map(wave -> Words.number(wave.size())).toList()) + " of "
          + Words.count(waves.stream().mapToInt(List::size).sum(), "device") + ".");
    }
  }

  /** Returns the exit code; everything was said. */
  int carryOut(Planning planning, String reason) {
    List<List<String>> waves = settings.inWaves() ? settings.waves().cut(order(planning)) : List.of();
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
    Map<String, Set<EntryAddress>> byDevice = byDevice(whole.plan());
    Set<EntryAddress> all = byDevice.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    Set<EntryAddress> before = new HashSet<>();
    for (int i = 0; i < waves.size(); i++) {
      boolean last = i == waves.size() - 1;
      Set<EntryAddress> mine =
          waves.get(i).stream().flatMap(device -> byDevice.get(device).stream()).collect(Collectors.toSet());
      PlanOptions options = whole.input().options();
      Planning wave = i == 0
          ? again(whole, options.within(mine))
          : again(whole, last ? options.without(before, all) : options.within(mine));
      before.addAll(mine);
      if (wave.plan().isEmpty()) {
        continue; // carried along by an earlier wave
      }
      begin(i + 1, waves);
      if (!(commit(wave, reason) instanceof Outcome.Committed committed)) {
        throw new IllegalStateException("a wave became a proposal");
      }
      if (!await(committed, wave.plan(), result -> !last && isOver(result.failed().keySet()))) {
        return leftWaiting();
      }
      if (!last && isOver(missing.keySet())) {
        return notEverywhere(stoppedAfter(i + 1, waves));
      }
      run.interruption().check();
    }
    return conclude();
  }

  private void begin(int wave, List<List<String>> waves) {
    List<String> devices = waves.get(wave - 1);
    if (context.events().isPresent()) {
      new ApplyEvents(context.events().get()).wave(wave, waves.size(), devices);
      return;
    }
    if (!done.isEmpty()) {
      context.terminal().println("");
    }
    context.terminal().println("Wave " + wave + " of " + waves.size() + ": " + some(devices));
  }

  /** The same plan on the epoch that the last wave made, for less. */
  private Planning again(Planning whole, PlanOptions options) {
    Planning wave = Planning.make(run.workspace(), run.connection(), options, whole.plan().at());
    long expected = whole.plan().base().epoch() + done.size();
    Set<String> said = whole.plan().changes().stream().map(Rollout::identity).collect(Collectors.toSet());
    boolean more = wave.plan().changes().stream().anyMatch(change -> !said.contains(identity(change)));
    if (wave.plan().base().epoch() != expected || more) {
      throw new DiagnosticException(Diagnostic.error("DV316", "the vault changed during the rollout",
          more ? "A guardian revoked something, or what is to be done came out differently."
              : "Somebody else committed: it is at epoch " + wave.plan().base().epoch() + ", not " + expected + ".",
          done() + " The rest is as it was. Run `dvault plan` again."));
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
      done.add(new Done(committed, planning.plan()));
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
    devices.forEach(each -> asked.add(each.device().name()));
    Receipts receipts =
        new Receipts(context.resolve(settings.receipts()), run.connection().vault(), desired.devices().values());
    ReceiptWait.Result result = new ReceiptWait(context, receipts, run.interruption())
        .await(devices, epoch, settings.patience().get(), enough);
    reported.addAll(result.done());
    failed.putAll(result.failed());
    missing.putAll(result.missing());
    return !result.stopped();
  }

  /** Whether too many devices failed, {@code more} among them. */
  private boolean isOver(Set<String> more) {
    Set<String> lacking = new TreeSet<>(failed.keySet());
    lacking.addAll(missing.keySet());
    lacking.addAll(more);
    return settings.limit().isOver(lacking.size(), asked.size());
  }

  /** All was committed: well if every device that was waited for has it. */
  private int conclude() {
    if (failed.isEmpty() && missing.isEmpty()) {
      String devices = reported.isEmpty() ? "" : " " + (reported.size() == 1 ? "The device reports" : "All "
          + Words.count(reported.size(), "device") + " report") + " it.";
      screen.complete(done, devices);
      return ExitCode.OK;
    }
    return notEverywhere(Diagnostic.error("DV317", notThere(),
        lines(done() + " Devices go on trying by themselves; `dvault status` tells.")));
  }

  private int notEverywhere(Diagnostic diagnostic) {
    if (context.events().isPresent()) {
      context.events().get().diagnostic(diagnostic);
      return ExitCode.NOT_EVERYWHERE;
    }
    context.terminal().println("");
    new DiagnosticPrinter(context.terminal()).print(List.of(diagnostic));
    return ExitCode.NOT_EVERYWHERE;
  }

  private String notThere() {
    int lacking = failed.size() + missing.size();
    return "committed, and " + Words.number(lacking) + " of " + Words.count(asked.size(), "device")
        + (lacking == 1 ? " does" : " do") + " not report it";
  }

  private Diagnostic stoppedAfter(int waves, List<List<String>> all) {
    List<String> left = all.subList(waves, all.size()).stream().flatMap(List::stream).toList();
    return Diagnostic.error("DV318", "the rollout stopped after wave " + waves + " of " + all.size(),
        lines(done() + " Not begun: " + some(left) + ".",
            "Mend it, then give the same command again: it goes on with what is left."));
  }

  /** Device by device what went wrong, then {@code last}. */
  private String[] lines(String... last) {
    List<String> lines = new ArrayList<>();
    failed.entrySet().stream().limit(MOST_SHOWN)
        .forEach(each -> lines.add(each.getKey() + " failed: " + String.join(", ", each.getValue())));
    missing.entrySet().stream().limit(MOST_SHOWN)
        .forEach(each -> lines.add(each.getKey() + " did not report: " + each.getValue()));
    int more = Math.max(0, failed.size() - MOST_SHOWN) + Math.max(0, missing.size() - MOST_SHOWN);
    if (more > 0) {
      lines.add("and " + Words.count(more, "device") + " more");
    }
    lines.addAll(List.of(last));
    return lines.toArray(String[]::new);
  }

  /** {@code Done: epoch 2, 1 issued.} */
  private String done() {
    if (done.isEmpty()) {
      return "Nothing was changed.";
    }
    long first = done.getFirst().outcome().done().event().commit().epoch();
    long last = done.getLast().outcome().done().event().commit().epoch();
    return "Done: " + (first == last ? "epoch " + first : "epochs " + first + " to " + last) + ", " + ApplyScreen.tally(done)
        + ".";
  }

  private int leftWaiting() {
    context.terminal().err().println("Stopped. " + done() + " Not waited for any more: "
        + (missing.isEmpty() ? "nothing" : some(List.copyOf(missing.keySet()))) + ".");
    return ExitCode.INTERRUPTED;
  }

  private void stopped() {
    context.terminal().err().println(done.isEmpty()
        ? "Stopped. Nothing was committed; what was published is referred to by nobody."
        : "Stopped. " + done() + " The rest is as it was; the same command goes on with it.");
  }

  /** Canaries first, then by name; what is on no declared device last. */
  private List<String> order(Planning planning) {
    DesiredState desired = planning.input().desired();
    return byDevice(planning.plan()).keySet().stream()
        .sorted(Comparator.comparingInt((String device) -> rank(desired.findDevice(device)))
            .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private int rank(Optional<DeviceDeclaration> device) {
    if (device.isEmpty()) {
      return 2;
    }
    return settings.canaries().stream().anyMatch(device.get()::isChosenBy) ? 0 : 1;
  }

  private static Map<String, Set<EntryAddress>> byDevice(Plan plan) {
    Map<String, Set<EntryAddress>> byDevice = new LinkedHashMap<>();
    plan.changes().forEach(change -> change.address().ifPresent(address ->
        byDevice.computeIfAbsent(address.device(), name -> new TreeSet<>()).add(address)));
    return byDevice;
  }

  private static String some(List<String> names) {
    List<String> shown = names.stream().limit(3).toList();
    int more = names.size() - shown.size();
    return Words.count(names.size(), "device") + " (" + String.join(", ", shown)
        + (more == 0 ? "" : " and " + Words.number(more) + " more") + ")";
  }
}
