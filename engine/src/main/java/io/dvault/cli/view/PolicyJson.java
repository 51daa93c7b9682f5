package io.dvault.cli.view;

import io.dvault.plan.PlanJson;
import io.dvault.policy.PolicyCase;
import io.dvault.policy.PolicyChange;
import io.dvault.policy.PolicyReport;
import io.dvault.policy.PolicyReport.Violation;
import io.dvault.workflow.PolicyHistory;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Verdicts of trust policies for machines. */
public final class PolicyJson {
  static final int FORMAT_VERSION = 1;

  private PolicyJson() {}

  /** One policy that is not as it was when the last plan was applied. */
  public static ObjectNode write(PolicyChange change) {
    ObjectNode node = DiagnosticJson.MAPPER.createObjectNode();
    node.put("name", change.policy());
    node.put("change", change.kind().name().toLowerCase(Locale.ROOT));
    node.put("loosened", change.looser());
    PlanJson.fields(node, change.fields());
    return node;
  }

  /** What stands under {@code policy} in {@code plan -json}. */
  public static ObjectNode write(PolicyReport report, PolicyHistory history) {
    ObjectNode node = DiagnosticJson.MAPPER.createObjectNode();
    node.put("rules", report.rules());
    node.put("passed", report.passed());
    node.put("denied", report.denied());
    ArrayNode array = node.putArray("violations");
    for (Violation each : report.violations()) {
      ObjectNode violation = array.addObject();
      violation.put("policy", each.policy());
      violation.put("rule", each.rule());
      violation.put("action", each.action().name().toLowerCase(Locale.ROOT));
      violation.put("code", each.diagnostic().code());
      violation.put("message", each.message());
      violation.put("file", each.position().file());
      violation.put("line", each.position().line());
      violation.put("column", each.position().column());
      ArrayNode changes = violation.putArray("changes");
      each.changes().forEach(changes::add);
    }
    node.put("since", history.since());
    ArrayNode changes = node.putArray("changed");
    history.changes().forEach(each -> changes.add(write(each)));
    return node;
  }

  /** What {@code policy test -json} prints. */
  public static ObjectNode write(List<PolicyCase.Result> results) {
    ObjectNode node = DiagnosticJson.MAPPER.createObjectNode();
    node.put("format_version", FORMAT_VERSION);
    node.put("cases", results.size());
    node.put("failed", results.stream().filter(each -> !each.passed()).count());
    ArrayNode array = node.putArray("results");
    for (PolicyCase.Result each : results) {
      ObjectNode result = array.addObject();
      result.put("test", each.of().test());
      result.put("case", each.of().name());
      result.put("file", each.of().position().file());
      result.put("line", each.of().position().line());
      result.put("passed", each.passed());
      ArrayNode missing = result.putArray("missing");
      each.missing().forEach(missing::add);
      ArrayNode surplus = result.putArray("unexpected");
      each.surplus()
          .forEach(
              (line, message) -> surplus.addObject().put("verdict", line).put("message", message));
    }
    return node;
  }
}
