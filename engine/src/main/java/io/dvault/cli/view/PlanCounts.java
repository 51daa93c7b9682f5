package io.dvault.cli.view;

import io.dvault.model.EntryAddress;
import io.dvault.plan.AuthorityTransition;
import io.dvault.plan.Change;
import io.dvault.plan.Change.Issue;
import io.dvault.plan.Change.Keep;
import io.dvault.plan.Change.Revoke;
import io.dvault.plan.Change.Rotate;
import io.dvault.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many changes of which kind for which reason: one screen for a fleet of any size. */
final class PlanCounts {
  /** One line; {@code kind} is of entries, {@code Authority} for authorities themselves. */
  record Row(String kind, String reason, int issue, int rotate, int revoke) {}

  private static final int ISSUE = 0;
  private static final int ROTATE = 1;
  private static final int REVOKE = 2;

  private PlanCounts() {}

  /** By kind, then reason. */
  static List<Row> of(Plan plan) {
    Map<String, Map<String, int[]>> counts = new TreeMap<>();
    for (Change change : plan.changes()) {
      int column = switch (change) {
        case Issue issue -> ISSUE;
        case Rotate rotate -> ROTATE;
        case Revoke revoke -> REVOKE;
        case Keep keep -> throw new IllegalStateException("a plan's changes change something");
      };
      if (!(change instanceof Revoke revoke && revoke.housekeeping())) {
        count(
            counts,
            change.address().map(EntryAddress::kind).orElseGet(() -> held(change)),
            change.reason().code().text().replace('-', ' '),
            column);
      }
    }
    for (AuthorityTransition authority : plan.authorities()) {
      count(
          counts,
          "Authority",
          "to be " + PlanView.word(authority.to()),
          authority.from().isEmpty() ? ISSUE : ROTATE);
    }
    return counts.entrySet().stream()
        .flatMap(kind -> kind.getValue().entrySet().stream()
            .map(reason -> new Row(
                kind.getKey(),
                reason.getKey(),
                reason.getValue()[ISSUE],
                reason.getValue()[ROTATE],
                reason.getValue()[REVOKE])))
        .toList();
  }

  private static String held(Change change) {
    return change instanceof Revoke revoke ? revoke.old().kind() : "without a name";
  }

  private static void count(
      Map<String, Map<String, int[]>> counts, String kind, String reason, int column) {
    counts.computeIfAbsent(kind, any -> new TreeMap<>())
        .computeIfAbsent(reason, any -> new int[3])[column]++;
  }
}
