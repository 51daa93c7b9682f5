package io.dvault.cli.view;

import io.dvault.plan.AuthorityTransition;
import io.dvault.plan.Change;
import io.dvault.plan.Moved;
import io.dvault.plan.Plan;
import io.dvault.plan.PlanJson;
import io.dvault.workflow.PolicyHistory;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** A plan as events: each change as it stands in the JSON plan, then what is wrong, then the counts. */
public final class PlanEvents {
  private final Events events;

  public PlanEvents(Events events) {
    this.events = events;
  }

  public void emit(PlanVerdict verdict) {
    Plan plan = verdict.plan();
    plan.head().ifPresent(head -> {
      ObjectNode node = events.event("info", "head: " + head.why(), "planned_head");
      node.put("before", head.before().toString()).put("after", head.after().toString());
      events.emit(node);
    });
    plan.authorities().forEach(this::authority);
    plan.rules().ifPresent(rules -> {
      ObjectNode node = events.event(
          "info", "rules that devices enforce: the trust policies changed", "planned_rules");
      PlanJson.fields(node, rules.fields());
      events.emit(node);
    });
    verdict.planning().history().changes().forEach(change -> {
      PolicyHistory history = verdict.planning().history();
      String words =
          "trust policy " + TerminalText.clean(change.policy()) + " " + history.words(change);
      ObjectNode node = events.event("info", words, "policy_change");
      node.set("policy", PolicyJson.write(change));
      events.emit(node);
    });
    plan.changes().forEach(change -> change(change, plan));
    plan.moved().forEach(this::moved);
    verdict.warnings().forEach(events::diagnostic);
    ObjectNode summary = events.event("info", verdict.line(), "change_summary");
    ObjectNode counts = PlanJson.summary(plan);
    counts.put("operation", "plan");
    summary.set("changes", counts);
    summary.put("verdict", verdict.word());
    events.emit(summary);
  }

  private void authority(AuthorityTransition change) {
    String name = change.name().orElseGet(() -> "0x" + change.id());
    ObjectNode node = events.event(
        "info",
        "authority " + name + ", generation " + change.generation() + ": "
            + change.to().name().toLowerCase(Locale.ROOT),
        "planned_authority");
    node.set("authority", PlanJson.authority(change));
    events.emit(node);
  }

  private void change(Change change, Plan plan) {
    ObjectNode json = PlanJson.change(change, plan.at());
    ObjectNode node = events.event(
        "info",
        TerminalText.clean(change.label()) + ": plan to " + json.path("action").asString() + ", "
            + change.reason().words(),
        "planned_change");
    node.set("change", json);
    events.emit(node);
  }

  private void moved(Moved moved) {
    ObjectNode node = events.event("info", moved.to() + ": moved from " + moved.from(), "moved");
    node.put("from", moved.from().toString()).put("to", moved.to().toString());
    events.emit(node);
  }
}
