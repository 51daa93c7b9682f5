package io.dvault.plan;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import io.dvault.model.Spelling;
import io.dvault.plan.PlanInput.Former;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the user named has to be there: a slip of the hand is no empty plan. */
final class NamedEntries {
  private NamedEntries() {}

  /** Throws DV210 for every address and pattern that means nothing that is declared or held. */
  static void requireKnown(PlanInput input, Holdings holdings) {
    PlanOptions options = input.options();
    Set<EntryAddress> asked = new HashSet<>(options.replace());
    asked.addAll(options.revoke());
    asked.addAll(options.only().orElse(Set.of()));
    List<Diagnostic> unknown = new ArrayList<>();
    asked.stream()
        .sorted()
        .filter(address -> input.desired().findEntry(address).isEmpty()
            && holdings.findNewest(input.idOf(address)).isEmpty())
        .forEach(address -> unknown.add(unknown(address.toString(), known(input, holdings))));
    List<AddressPattern> patterns = options.targets().all().distinct().toList();
    if (!patterns.isEmpty()) {
      Set<EntryAddress> known = known(input, holdings);
      patterns.stream()
          .filter(pattern -> known.stream().noneMatch(pattern::matches))
          .forEach(pattern -> unknown.add(unknown(pattern.text(), known)));
    }
    if (!unknown.isEmpty()) {
      throw new DiagnosticException(unknown);
    }
  }

  private static Set<EntryAddress> known(PlanInput input, Holdings holdings) {
    Set<EntryAddress> known = new LinkedHashSet<>(input.desired().entries().keySet());
    Set<Object> declared = new HashSet<>();
    input.desired().entries().values().forEach(entry -> declared.add(entry.id()));
    holdings.all().stream()
        .filter(held -> held.isActive() && !declared.contains(held.entry()))
        .forEach(held -> holdings.findFormer(held).map(Former::address).ifPresent(known::add));
    return known;
  }

  private static Diagnostic unknown(String text, Set<EntryAddress> known) {
    Set<String> words = new HashSet<>();
    known.forEach(address -> {
      words.add(
          text.contains("@")
              ? address.toString()
              : text.contains("/") ? address.secret() : address.device());
      if (!text.contains("/")) {
        words.add(address.kind());
      }
    });
    return Diagnostic.error(
            "DV210",
            "there is no entry " + text,
            "It is neither declared nor in the vault. Run `dvault show` to list entries.")
        .hinting(Spelling.hint(text, words));
  }
}
