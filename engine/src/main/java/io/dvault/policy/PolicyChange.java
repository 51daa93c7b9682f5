package io.dvault.policy;

import io.dvault.desired.PolicyDeclaration;
import io.dvault.desired.PolicyDeclaration.Action;
import io.dvault.desired.PolicyDeclaration.Over;
import io.dvault.desired.PolicyDeclaration.Rule;
import io.dvault.plan.FieldChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A trust policy that says something else than before: whoever reviews a plan is to see how the rules that it is held
 * against change. What devices enforce is not among it: that is a change of the plan ({@link
 * io.dvault.plan.RulesChange}).
 *
 * @param looser whether it surely asks for less: a rule is gone, warns where it denied, or is asked about less. Whether
 *     another expression asks for less cannot be known
 */
public record PolicyChange(String policy, Kind kind, boolean looser, List<FieldChange> fields) {
  private static final String GONE = "gone";

  /** What became of the policy. */
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED
  }

  public PolicyChange {
    fields = List.copyOf(fields);
  }

  /** {@code loosened}, {@code changed}, {@code new}. */
  public String words() {
    return looser
        ? "loosened"
        : switch (kind) {
          case ADDED -> "new";
          case REMOVED -> "removed";
          case CHANGED -> "changed";
        };
  }

  /** Policies of which something differs, by name. */
  public static List<PolicyChange> between(
      Collection<PolicyDeclaration> before, Collection<PolicyDeclaration> after) {
    Map<String, PolicyDeclaration> old = byName(before);
    Map<String, PolicyDeclaration> next = byName(after);
    TreeSet<String> names = new TreeSet<>(old.keySet());
    names.addAll(next.keySet());
    List<PolicyChange> changes = new ArrayList<>();
    for (String name : names) {
      Map<String, Rule> rules = old.containsKey(name) ? rules(old.get(name)) : Map.of();
      Map<String, Rule> now = next.containsKey(name) ? rules(next.get(name)) : Map.of();
      List<FieldChange> fields = fields(lines(old, name), lines(next, name));
      boolean looser = rules.entrySet().stream()
          .anyMatch(each -> isLooser(each.getValue(), now.get(each.getKey())));
      Kind kind = !old.containsKey(name)
          ? Kind.ADDED
          : next.containsKey(name) ? Kind.CHANGED : Kind.REMOVED;
      if (!fields.isEmpty()) {
        changes.add(new PolicyChange(name, kind, looser, fields));
      }
    }
    return List.copyOf(changes);
  }

  private static boolean isLooser(Rule before, Rule after) {
    return after == null
        || before.action() == Action.DENY && after.action() == Action.WARN
        || before.over() == after.over() && !after.operations().containsAll(before.operations());
  }

  private static Map<String, PolicyDeclaration> byName(Collection<PolicyDeclaration> policies) {
    Map<String, PolicyDeclaration> byName = new TreeMap<>();
    policies.forEach(each -> byName.put(each.name(), each));
    return byName;
  }

  private static Map<String, Rule> rules(PolicyDeclaration policy) {
    Map<String, Rule> rules = new LinkedHashMap<>();
    policy.rules().forEach(each -> rules.put(each.name(), each));
    return rules;
  }

  private static List<FieldChange> fields(Map<String, String> before, Map<String, String> after) {
    List<FieldChange> fields = new ArrayList<>();
    Map<String, String> names = new LinkedHashMap<>(before);
    names.putAll(after);
    for (String name : names.keySet()) {
      String old = before.getOrDefault(name, "");
      String next = after.getOrDefault(name, GONE);
      if (!old.equals(next)) {
        fields.add(new FieldChange(name, old, next));
      }
    }
    return fields;
  }

  /** What counts for verdicts, part by part; messages do not. */
  private static Map<String, String> lines(Map<String, PolicyDeclaration> policies, String name) {
    Map<String, String> lines = new LinkedHashMap<>();
    if (!policies.containsKey(name)) {
      return lines;
    }
    policies
        .get(name)
        .variables()
        .forEach(each ->
            lines.put("variable " + each.name(), oneLine(each.expression().text())));
    for (Rule rule : policies.get(name).rules()) {
      String start = "rule " + rule.name();
      lines.put(start, oneLine(rule.require().text()));
      rule.when().ifPresent(when -> lines.put(start + ", when", oneLine(when.text())));
      lines.put(start + ", action", rule.action().name().toLowerCase(Locale.ROOT));
      lines.put(
          start + ", over",
          rule.over() == Over.PLAN
              ? "plan"
              : "each change: " + String.join(", ", new TreeSet<>(rule.operations())));
    }
    return lines;
  }

  private static String oneLine(String expression) {
    return expression.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
