package io.dvault.plan;

import io.dvault.model.Diagnostic;
import io.dvault.plan.Change.Keep;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.PublicFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a reviewer should know beside the changes. */
final class Warnings {
  /** To open what is remembered costs as much as to plan an entry; one of each secret, the oldest, tells for it. */
  private static final int MOST_OPENED = 1_000;

  private Warnings() {}

  static List<Diagnostic> of(
      PlanInput input, Holdings holdings, List<Change> changes, List<Keep> keeps) {
    List<Diagnostic> warnings = new ArrayList<>();
    Targets targets = input.options().targets();
    if (targets.isPartial()) {
      List<String> words = new ArrayList<>();
      targets.target().forEach(each -> words.add("--target " + each));
      targets.exclude().forEach(each -> words.add("--exclude " + each));
      warnings.add(Diagnostic.warning(
          "DV213",
          "this plan is partial",
          "It is narrowed by " + String.join(" ", words) + ", so it may not include every change.",
          "Use these options for exceptions only. Afterwards, run `dvault plan` without them."));
    }
    Renames.lookalikes(changes, holdings).forEach((from, to) -> warnings.add(renamed(from, to)));
    protection(holdings, keeps, warnings);
    return warnings;
  }

  private static Diagnostic renamed(String from, String to) {
    if (from.equals(to)) {
      return Diagnostic.warning(
          "DV214",
          to + " is issued again because its `Moved` is gone",
          "It goes by the id of its first name as long as the move is declared; without, the old one is revoked and a",
          "new one issued. To avoid this, declare the move again.");
    }
    return Diagnostic.warning(
        "DV214",
        from + " goes while " + to + " comes, with the same spec",
        "If it was only renamed, declare the move, and nothing is issued:",
        "kind: Moved, spec: {from: " + from + ", to: " + to + "}.");
  }

  /** Protection is remembered with the next issue; until then it lasts as long as the YAML, or its git history. */
  private static void protection(Holdings holdings, List<Keep> keeps, List<Diagnostic> warnings) {
    Map<String, Keep> oldest = new TreeMap<>();
    keeps.stream()
        .filter(keep ->
            keep.desired().template().protect() && keep.record().status() == EntryStatus.ACTIVE)
        .forEach(keep -> oldest.merge(keep.desired().address().secret(), keep, Warnings::older));
    List<String> later = oldest.values().stream()
        .limit(MOST_OPENED)
        .filter(keep -> holdings
            .facts(keep.entry(), keep.record())
            .filter(PublicFacts::protect)
            .isEmpty())
        .map(keep -> keep.desired().address().secret())
        .toList();
    if (!later.isEmpty()) {
      warnings.add(Diagnostic.warning(
          "DV215",
          "protected, and the vault does not know it yet",
          later.getFirst() + (later.size() == 1 ? "" : " and " + (later.size() - 1) + " more")
              + ": issued before protect: true was written, so it is remembered from the next issue on.",
          "Until then only this repository protects it. --replace " + later.getFirst()
              + " does it now."));
    }
  }

  private static Keep older(Keep one, Keep other) {
    return other
            .record()
            .validity()
            .notBefore()
            .isBefore(one.record().validity().notBefore())
        ? other
        : one;
  }
}
