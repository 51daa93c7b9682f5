package io.dvault.cli;

import io.dvault.cli.Terminal.Style;
import io.dvault.config.DesiredState;
import io.dvault.plan.AuthorityChange;
import io.dvault.plan.Change;
import io.dvault.plan.Change.Issue;
import io.dvault.plan.Change.Issuing;
import io.dvault.plan.Change.Keep;
import io.dvault.plan.Change.Revoke;
import io.dvault.plan.Change.Rotate;
import io.dvault.plan.Estimate;
import io.dvault.plan.FieldChange;
import io.dvault.plan.HeadRenewal;
import io.dvault.plan.Plan;
import io.dvault.plan.PlanBase;
import io.dvault.registry.AuthorityStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A plan as people read it. SCREENS, "plan"; FEATURES P1. */
final class PlanView {
  private static final int LABEL = 42;
  private static final int NAME = 10;
  /** From here on, changes of one secret for one reason are shown together. */
  private static final int MANY = 40;
  private static final int TOGETHER = 4;
  private static final int DEVICES_SHOWN = 3;

  private final Terminal terminal;

  PlanView(Terminal terminal) {
    this.terminal = terminal;
  }

  /** @param all whether each change is shown alone, however many there are */
  void print(Plan plan, DesiredState desired, boolean all) {
    terminal.println(header(plan.base(), desired));
    terminal.println("");
    plan.head().ifPresent(this::head);
    plan.authorities().forEach(this::authority);
    changes(plan, all);
    if (!plan.isEmpty()) {
      footnotes(plan);
      terminal.println(cost(plan.estimate()));
      terminal.println("");
    }
  }

  static String header(PlanBase base, DesiredState desired) {
    return "vault " + desired.vault().name() + " (" + base.vault().bytes().abbreviated() + ") · chain " + base.chainId()
        + " · epoch " + base.epoch() + " · " + repository(base);
  }

  private static String repository(PlanBase base) {
    return base.commit().isEmpty()
        ? "no git commit"
        : "repository at " + base.commit().substring(0, 7) + (base.clean() ? ", clean" : ", with uncommitted changes");
  }

  /** The last line. */
  static String verdict(Plan plan) {
    return plan.isEmpty() ? "No changes. Devices match the repository." : "Plan: " + summary(plan);
  }

  /** {@code 1 to issue, 1 to rotate, 1 to revoke.} */
  static String summary(Plan plan) {
    int authorities = plan.authorities().size();
    return Words.number(plan.issues()) + " to issue, " + Words.number(plan.rotations()) + " to rotate, "
        + Words.number(plan.revocations()) + " to revoke"
        + (plan.head().isEmpty() ? "" : "; head to renew")
        + (authorities == 0 ? "" : "; " + Words.number(authorities) + (authorities == 1 ? " authority" : " authorities")
            + " to change") + ".";
  }

  private static String cost(Estimate estimate) {
    return "Cost: " + Words.count(estimate.transactions(), "transaction") + ", about " + Words.number(estimate.gas())
        + " gas; " + Words.count(estimate.sealedBundles(), "sealed bundle") + ", " + bytes(estimate.bytes())
        + " to publish.";
  }

  static String bytes(long bytes) {
    return bytes < 1 << 20
        ? Words.number(Math.max(1, bytes >> 10)) + " KiB"
        : String.format(Locale.ROOT, "%,.1f MiB", bytes / 1048576.0);
  }

  private void footnotes(Plan plan) {
    if (plan.housekeeping() > 0) {
      terminal.println(Words.number(plan.housekeeping()) + (plan.housekeeping() == 1 ? " entry that has"
          : " entries that have")
          + " ended " + (plan.housekeeping() == 1 ? "is" : "are") + " cleared along.");
    }
  }

  private void head(HeadRenewal head) {
    line("±", "head", head.why());
    field(head.field());
    terminal.println("");
  }

  private void authority(AuthorityChange change) {
    String name = change.name().orElseGet(() -> change.id().bytes().abbreviated());
    String symbol = change.to() == AuthorityStatus.REVOKED ? "-" : change.from().isEmpty() ? "+" : "±";
    String from = change.from().map(status -> word(status) + " → ").orElse("");
    line(symbol, "authority " + name, "generation " + change.generation() + ": " + from + word(change.to()));
    terminal.println("");
  }

  private static String word(AuthorityStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private void changes(Plan plan, boolean all) {
    List<Change> shown = plan.changes().stream().filter(change -> !cleared(change)).toList();
    if (all || shown.size() <= MANY) {
      shown.forEach(this::change);
      return;
    }
    Map<String, List<Change>> groups = new LinkedHashMap<>();
    for (Change change : shown) {
      String secret = change.address().map(address -> address.secret()).orElse(change.label());
      groups.computeIfAbsent(symbol(change) + secret + change.reason().words(), key -> new ArrayList<>()).add(change);
    }
    for (List<Change> group : groups.values()) {
      if (group.size() < TOGETHER) {
        group.forEach(this::change);
      } else {
        together(group);
      }
    }
  }

  private static boolean cleared(Change change) {
    return change instanceof Revoke revoke && revoke.housekeeping();
  }

  private void together(List<Change> group) {
    Change first = group.getFirst();
    line(symbol(first), first.address().orElseThrow().secret() + " on " + Words.number(group.size()) + " devices",
        first.reason().words());
    String devices = String.join(", ",
        group.subList(0, DEVICES_SHOWN).stream().map(each -> each.address().orElseThrow().device()).toList());
    terminal.println("      " + devices + " and " + Words.number(group.size() - DEVICES_SHOWN)
        + " more (--all shows each)");
    terminal.println("");
  }

  private void change(Change change) {
    line(symbol(change), change.label(), change.reason().words());
    for (FieldChange field : fields(change)) {
      field(field);
    }
    terminal.println("");
  }

  private void field(FieldChange field) {
    String values = field.before().isEmpty() ? field.after()
        : field.after().isEmpty() ? field.before() : field.before() + " → " + field.after();
    terminal.println("      " + padded(field.name(), NAME) + " " + values);
  }

  private static List<FieldChange> fields(Change change) {
    return switch (change) {
      case Issuing issuing -> issuing.fields();
      case Revoke revoke -> revoke.fields();
      case Keep keep -> List.of();
    };
  }

  private void line(String symbol, String label, String reason) {
    terminal.println("  " + coloured(symbol) + " " + padded(label, LABEL) + " " + reason);
  }

  private String coloured(String symbol) {
    return switch (symbol) {
      case "+" -> terminal.style(Style.GREEN, symbol);
      case "-" -> terminal.style(Style.RED, symbol);
      default -> terminal.style(Style.YELLOW, symbol);
    };
  }

  private static String padded(String text, int width) {
    return text.length() >= width ? text : text + " ".repeat(width - text.length());
  }

  static String symbol(Change change) {
    return switch (change) {
      case Issue issue -> "+";
      case Rotate rotate -> "±";
      case Revoke revoke -> "-";
      case Keep keep -> " ";
    };
  }
}
