package io.dvault.workflow;

import io.dvault.model.Diagnostic;
import io.dvault.model.Quantities;
import io.dvault.plan.FailureLimit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a rollout has done so far, what devices said to it, and the words for both. */
public final class RolloutReport {
  private static final int MOST_SHOWN = 20;

  private final List<CommittedPlan> done = new ArrayList<>();
  private final Map<String, List<String>> failed = new LinkedHashMap<>();
  private final Map<String, String> missing = new LinkedHashMap<>();
  private final Set<String> asked = new TreeSet<>();
  private final Set<String> reported = new TreeSet<>();

  void committed(CommittedPlan commit) {
    done.add(commit);
  }

  void asked(List<ExpectedReceipt> devices) {
    devices.forEach(each -> asked.add(each.device().name()));
  }

  void waited(ReceiptWait.Result result) {
    reported.addAll(result.done());
    failed.putAll(result.failed());
    missing.putAll(result.missing());
  }

  /** The commits, in their order. */
  List<CommittedPlan> done() {
    return List.copyOf(done);
  }

  /** Whether every device that was waited for has its commit. */
  boolean isGood() {
    return failed.isEmpty() && missing.isEmpty();
  }

  /** Whether too many devices failed, {@code more} among them. */
  boolean isOver(FailureLimit limit, Set<String> more) {
    Set<String> lacking = new TreeSet<>(failed.keySet());
    lacking.addAll(missing.keySet());
    lacking.addAll(more);
    return limit.isOver(lacking.size(), asked.size());
  }

  /** {@code  All 4 devices report it.}, or nothing where nobody was waited for. */
  String reporting() {
    return reported.isEmpty()
        ? ""
        : " "
            + (reported.size() == 1
                ? "The device reports"
                : "All " + Quantities.count(reported.size(), "device") + " report")
            + " it.";
  }

  /** {@code  No longer waiting for: 1 device (drone-1).}, or nothing. */
  String notWaitedFor() {
    return missing.isEmpty()
        ? ""
        : " No longer waiting for: " + some(List.copyOf(missing.keySet())) + ".";
  }

  /** {@code Done: epoch 2, 1 issued.} */
  String doneInWords() {
    long first = done.getFirst().outcome().done().event().commit().epoch();
    long last = done.getLast().outcome().done().event().commit().epoch();
    return "Done: " + (first == last ? "epoch " + first : "epochs " + first + " to " + last) + ", "
        + CommittedPlan.tally(done) + ".";
  }

  /** All was committed, and some devices do not have it. */
  Diagnostic notEverywhere() {
    int lacking = failed.size() + missing.size();
    return Diagnostic.error(
        "DV317",
        "committed, but " + Quantities.number(lacking) + " of "
            + Quantities.count(asked.size(), "device") + (lacking == 1 ? " does" : " do")
            + " not report it",
        lines(doneInWords() + " Devices keep retrying. Check `dvault status`."));
  }

  /** Too many devices failed or were silent. */
  Diagnostic stoppedAfter(int waves, List<List<String>> all) {
    return Diagnostic.error(
        "DV318",
        "the rollout stopped after wave " + waves + " of " + all.size(),
        lines(
            doneInWords() + " Not started: " + left(all, waves) + ".",
            "Fix the cause, then run the same command again to continue."));
  }

  /**
   * Something else went wrong after there were commits.
   *
   * @param wave in which wave, from 1
   * @param from the first wave, from 0, that is not committed
   */
  Diagnostic brokenOff(int wave, List<List<String>> all, int from) {
    return Diagnostic.error(
        "DV318",
        "the rollout stopped in wave " + wave + " of " + all.size(),
        lines(doneInWords() + (from == all.size() ? "" : " Not done: " + left(all, from) + ".")));
  }

  /** Between two waves it is not true that nothing was changed. */
  static Diagnostic ofOneWave(Diagnostic cause) {
    List<String> detail = cause.detail().stream()
        .map(line -> line.replace("Nothing was changed.", "This wave changed nothing."))
        .toList();
    return new Diagnostic(
        cause.severity(),
        cause.code(),
        cause.summary(),
        cause.position(),
        cause.subject(),
        detail,
        cause.snippet(),
        cause.hint());
  }

  private static String left(List<List<String>> all, int from) {
    return some(all.subList(from, all.size()).stream().flatMap(List::stream).toList());
  }

  /** Device by device what went wrong, then {@code last}. */
  private String[] lines(String... last) {
    List<String> lines = new ArrayList<>();
    failed.entrySet().stream()
        .limit(MOST_SHOWN)
        .forEach(
            each -> lines.add(each.getKey() + " failed: " + String.join(", ", each.getValue())));
    missing.entrySet().stream()
        .limit(MOST_SHOWN)
        .forEach(each -> lines.add(each.getKey() + " did not report: " + each.getValue()));
    int more = Math.max(0, failed.size() - MOST_SHOWN) + Math.max(0, missing.size() - MOST_SHOWN);
    if (more > 0) {
      lines.add("and " + Quantities.count(more, "device") + " more");
    }
    lines.addAll(List.of(last));
    return lines.toArray(String[]::new);
  }

  /** {@code 5 devices (a, b, c and 2 more)}. */
  public static String some(List<String> names) {
    List<String> shown = names.stream().limit(3).toList();
    int more = names.size() - shown.size();
    return Quantities.count(names.size(), "device") + " (" + String.join(", ", shown)
        + (more == 0 ? "" : " and " + Quantities.number(more) + " more") + ")";
  }
}
