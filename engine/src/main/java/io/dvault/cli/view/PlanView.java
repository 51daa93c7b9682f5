package io.dvault.cli.view;

import io.dvault.cli.view.Terminal.Style;
import io.dvault.desired.DesiredState;
import io.dvault.model.Diagnostic;
import io.dvault.model.EntryAddress;
import io.dvault.model.Quantities;
import io.dvault.plan.AuthorityTransition;
import io.dvault.plan.DeviceRulesChange;
import io.dvault.plan.Estimate;
import io.dvault.plan.FieldChange;
import io.dvault.plan.HeadRenewal;
import io.dvault.plan.Moved;
import io.dvault.plan.Plan;
import io.dvault.plan.PlanBase;
import io.dvault.policy.PolicyChange;
import io.dvault.registry.AuthorityStatus;
import io.dvault.registry.DeviceRules;
import io.dvault.workflow.Planning;
import io.dvault.workflow.PolicyHistory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A plan as people read it. docs/screens.md, "plan"; docs/requirements.md P1. */
public final class PlanView {
  private static final int LABEL = 42;
  private static final int NAME = 10;

  private final Terminal terminal;

  public PlanView(Terminal terminal) {
    this.terminal = terminal;
  }

  /** How much of a plan is shown. */
  public enum Detail {
    /** Counts by kind and reason. */
    SUMMARY,
    /** Each change alone when they are few, those of one secret together when they are many. */
    GROUPED,
    /** Each change alone, however many there are. */
    FULL
  }

  /** All but the verdict. */
  public void print(Planning planning, Detail detail) {
    Plan plan = planning.plan();
    terminal.println(header(plan.base(), planning.input().desired()));
    terminal.println("");
    if (detail == Detail.SUMMARY) {
      counts(PlanCounts.of(plan));
      plan.head().ifPresent(head -> terminal.println("  head to renew: " + head.why()));
    } else {
      plan.head().ifPresent(this::head);
      plan.authorities().forEach(this::authority);
    }
    plan.rules().ifPresent(this::rules);
    planning.history().changes().forEach(change -> policy(change, planning.history()));
    if (detail != Detail.SUMMARY) {
      (detail == Detail.FULL ? PlanBlock.each(plan) : PlanBlock.grouped(plan).stream())
          .forEachOrdered(this::block);
    }
    moved(plan.moved());
    List<Diagnostic> warnings = new ArrayList<>(plan.warnings());
    warnings.addAll(planning.policy().warnings());
    warnings.addAll(planning.history().warnings());
    if (!warnings.isEmpty()) {
      new DiagnosticPrinter(terminal).print(warnings);
    }
    if (!plan.isEmpty()) {
      footnotes(plan);
      if (planning.policy().rules() > 0) {
        terminal.println("Policy: " + planning.policy().summary());
      }
      terminal.println(cost(plan.estimate()));
      terminal.println("");
    }
  }

  private void counts(List<PlanCounts.Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    int kind = Math.max(
        LABEL / 2, rows.stream().mapToInt(row -> row.kind().length()).max().orElse(0));
    int reason = Math.max(
        LABEL / 2, rows.stream().mapToInt(row -> row.reason().length()).max().orElse(0));
    String form = "  %-" + kind + "s %-" + reason + "s %9s %9s %9s";
    terminal.println(
        form.formatted("kind", "reason", "issue", "rotate", "revoke").stripTrailing());
    rows.forEach(row -> terminal.println(form.formatted(
            row.kind(),
            row.reason(),
            number(row.issue()),
            number(row.rotate()),
            number(row.revoke()))
        .stripTrailing()));
    terminal.println("");
  }

  private static String number(int count) {
    return count == 0 ? "-" : Quantities.number(count);
  }

  /** Names that change and nothing else, by secret. */
  private void moved(List<Moved> moved) {
    Map<String, List<Moved>> bySecret = new LinkedHashMap<>();
    moved.forEach(each -> bySecret
        .computeIfAbsent(each.to().secret() + " " + each.from().secret(), any -> new ArrayList<>())
        .add(each));
    bySecret.values().forEach(each -> {
      EntryAddress to = each.getFirst().to();
      line(
          "→",
          each.size() == 1
              ? to.toString()
              : to.secret() + " on " + Quantities.number(each.size()) + " devices",
          "moved from " + each.getFirst().from().secret() + ", nothing is issued");
    });
    if (!moved.isEmpty()) {
      terminal.println("");
    }
  }

  static String header(PlanBase base, DesiredState desired) {
    return "vault " + desired.vault().name() + " (" + base.vault().bytes().abbreviated()
        + ") · chain " + base.chainId() + " · epoch " + base.epoch() + " · " + repository(base);
  }

  static String repository(PlanBase base) {
    return base.commit().isEmpty()
        ? "no git commit"
        : "repository at " + base.commit().substring(0, 7)
            + (base.clean() ? ", clean" : ", with uncommitted changes");
  }

  /** The last line. */
  static String verdict(Plan plan) {
    return plan.isEmpty() ? "No changes. Devices match the repository." : "Plan: " + summary(plan);
  }

  /** {@code 1 to issue, 1 to rotate, 1 to revoke.} */
  public static String summary(Plan plan) {
    int authorities = plan.authorities().size();
    return Quantities.number(plan.issues()) + " to issue, " + Quantities.number(plan.rotations())
        + " to rotate, "
        + Quantities.number(plan.revocations()) + " to revoke"
        + (plan.head().isEmpty() ? "" : "; head to renew")
        + (authorities == 0
            ? ""
            : "; " + Quantities.number(authorities)
                + (authorities == 1 ? " authority" : " authorities") + " to change")
        + (plan.rules().isPresent() ? "; rules of the devices to change" : "") + ".";
  }

  static String cost(Estimate estimate) {
    return "Cost: " + Quantities.count(estimate.transactions(), "transaction") + ", about "
        + Quantities.number(estimate.gas())
        + " gas; " + Quantities.count(estimate.sealedBundles(), "sealed bundle") + ", "
        + bytes(estimate.bytes())
        + " to publish.";
  }

  static String bytes(long bytes) {
    return bytes < 1 << 20
        ? Quantities.number(Math.max(1, bytes >> 10)) + " KiB"
        : String.format(Locale.ROOT, "%,.1f MiB", bytes / 1048576.0);
  }

  private void footnotes(Plan plan) {
    if (plan.housekeeping() > 0) {
      terminal.println(Quantities.number(plan.housekeeping())
          + (plan.housekeeping() == 1 ? " entry that has" : " entries that have")
          + " ended " + (plan.housekeeping() == 1 ? "is" : "are") + " cleared along.");
    }
  }

  private void head(HeadRenewal head) {
    line("±", "head", head.why());
    field(head.field(), NAME);
    terminal.println("");
  }

  private void rules(DeviceRulesChange change) {
    String symbol = change.before().equals(DeviceRules.NONE)
        ? "+"
        : change.after().equals(DeviceRules.NONE) ? "-" : "±";
    line(symbol, "rules that devices enforce", "the trust policies changed");
    change.fields().forEach(each -> field(each, NAME));
    terminal.println("");
  }

  private void policy(PolicyChange change, PolicyHistory history) {
    line(symbol(change), "trust policy " + change.policy(), history.words(change));
    int longest =
        change.fields().stream().mapToInt(field -> field.name().length()).max().orElse(0);
    change.fields().forEach(each -> field(each, Math.min(LABEL, Math.max(NAME, longest))));
    terminal.println("");
  }

  static String symbol(PolicyChange change) {
    return switch (change.kind()) {
      case ADDED -> "+";
      case REMOVED -> "-";
      case CHANGED -> "±";
    };
  }

  private void authority(AuthorityTransition change) {
    String name = change.name().orElseGet(() -> change.id().bytes().abbreviated());
    String symbol =
        change.to() == AuthorityStatus.REVOKED ? "-" : change.from().isEmpty() ? "+" : "±";
    String from = change.from().map(status -> word(status) + " → ").orElse("");
    line(
        symbol,
        "authority " + name,
        "generation " + change.generation() + ": " + from + word(change.to()));
    terminal.println("");
  }

  static String word(AuthorityStatus status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  void block(PlanBlock block) {
    line(block.symbol(), block.label(), block.reason());
    int longest =
        block.fields().stream().mapToInt(field -> field.name().length()).max().orElse(0);
    int width = Math.min(LABEL, Math.max(NAME, longest));
    block.fields().forEach(field -> field(field, width));
    terminal.println("");
  }

  private void field(FieldChange field, int width) {
    terminal.println("      " + padded(TerminalText.clean(field.name()), width) + " "
        + TerminalText.values(field));
  }

  private void line(String symbol, String label, String reason) {
    terminal.println(
        "  " + coloured(symbol) + " " + padded(TerminalText.clean(label), LABEL) + " " + reason);
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
}
