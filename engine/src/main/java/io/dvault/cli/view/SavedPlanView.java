package io.dvault.cli.view;

import io.dvault.model.Quantities;
import io.dvault.plan.FieldChange;
import io.dvault.plan.SavedPlan;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A saved plan as people read it: everything that `dvault plan` showed of it, out of the file alone. The file may come
 * from anywhere, so that none of its words steers the terminal.
 */
public final class SavedPlanView {
  private final Terminal terminal;
  private final PlanView view;

  public SavedPlanView(Terminal terminal) {
    this.terminal = terminal;
    this.view = new PlanView(terminal);
  }

  /** @param name the file, as the user wrote it */
  public void print(SavedPlan saved, String name) {
    JsonNode plan = saved.document();
    terminal.println("plan for vault " + saved.base().vault().bytes().abbreviated() + " · chain "
        + saved.base().chainId() + " · epoch " + saved.base().epoch() + " · "
        + PlanView.repository(saved.base())
        + " · made " + saved.at());
    terminal.println("");
    JsonNode head = plan.path("head");
    if (head.isObject()) {
      block(
          "±",
          "head",
          text(head, "why"),
          List.of(new FieldChange("notAfter", text(head, "before"), text(head, "after"))));
    }
    plan.path("authorities").forEach(this::authority);
    if (plan.path("rules").isObject()) {
      block(
          "±",
          "rules that devices enforce",
          "the trust policies changed",
          fields(plan.path("rules")));
    }
    plan.path("changes").forEach(this::change);
    plan.path("moved")
        .forEach(moved -> block(
            "→",
            text(moved, "to"),
            "moved from " + text(moved, "from") + ", nothing is issued",
            List.of()));
    terminal.println(counts(plan.path("summary")));
    terminal.println("To apply this plan: dvault apply " + name);
  }

  private void authority(JsonNode change) {
    String from = text(change, "from");
    String symbol = text(change, "to").equals("revoked") ? "-" : from.isEmpty() ? "+" : "±";
    String label = change.has("name") ? text(change, "name") : text(change, "authority");
    block(
        symbol,
        "authority " + label,
        "generation " + change.path("generation").asLong(0) + ": "
            + (from.isEmpty() ? "" : from + " → ") + text(change, "to"),
        List.of());
  }

  private void change(JsonNode change) {
    String symbol = switch (text(change, "action")) {
      case "issue" -> "+";
      case "rotate" -> "±";
      case "revoke" -> "-";
      default -> "";
    };
    if (!symbol.isEmpty()) { // what has ended is cleared along, and counted below
      String label =
          change.has("address") ? text(change, "address") : "entry " + text(change, "entry");
      block(symbol, label, text(change, "why"), fields(change));
    }
  }

  private static List<FieldChange> fields(JsonNode node) {
    List<FieldChange> fields = new ArrayList<>();
    node.path("fields")
        .forEach(field -> fields.add(
            new FieldChange(text(field, "name"), text(field, "before"), text(field, "after"))));
    return fields;
  }

  private void block(String symbol, String label, String why, List<FieldChange> fields) {
    view.block(new PlanBlock(symbol, label, TerminalText.clean(why), fields, 1));
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asString("");
  }

  private static String counts(JsonNode summary) {
    long authorities = summary.path("authorities").asLong(0);
    long cleared = summary.path("cleared").asLong(0);
    return "Plan: " + number(summary, "issue") + " to issue, " + number(summary, "rotate")
        + " to rotate, "
        + number(summary, "revoke") + " to revoke"
        + (authorities == 0
            ? ""
            : "; " + Quantities.number(authorities)
                + (authorities == 1 ? " authority" : " authorities") + " to change")
        + (cleared == 0 ? "" : "; " + Quantities.number(cleared) + " that ended to clear") + ".";
  }

  private static String number(JsonNode summary, String name) {
    return Quantities.number(summary.path(name).asLong(0));
  }
}
