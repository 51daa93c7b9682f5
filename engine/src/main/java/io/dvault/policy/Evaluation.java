package io.dvault.policy;

import dev.cel.runtime.CelEvaluationException;
import io.dvault.desired.PolicyDeclaration.Action;
import io.dvault.desired.PolicyDeclaration.Over;
import io.dvault.desired.PolicyDeclaration.Rule;
import io.dvault.model.Diagnostic;
import io.dvault.policy.CompiledPolicy.CompiledRule;
import io.dvault.policy.PolicyReport.Violation;
import io.dvault.policy.Programs.Program;
import io.dvault.yaml.SourceText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks every rule of some policies about the same facts. What cannot be evaluated does not hold: fail closed. */
final class Evaluation {
  /** Place within the expression, and what is wrong. */
  static final Pattern FAULT =
      Pattern.compile("evaluation error at <input>:(\\d+): (.*)", Pattern.DOTALL);

  private static final int SHOWN = 5;
  private static final int LONGEST_MESSAGE = 500;

  private final Facts facts;
  private final Map<Key, List<String>> hits = new LinkedHashMap<>();
  private volatile String asking = "";

  Evaluation(Facts facts) {
    this.facts = facts;
  }

  /** Changes that one rule does not hold for with the same words are told together. */
  private record Key(
      CompiledPolicy policy, CompiledRule rule, String message, boolean failed, int offset) {}

  /** How a rule came out for one change, or for the plan. */
  private record Outcome(boolean holds, String message, boolean failed, int offset) {
    static final Outcome HOLDS = new Outcome(true, "", false, 0);
  }

  /** The rule that is asked just now: for whoever gives up waiting. */
  String asking() {
    return asking;
  }

  List<Violation> run(List<CompiledPolicy> policies) {
    for (CompiledPolicy policy : policies) {
      for (CompiledRule rule : policy.rules()) {
        if (rule.rule().over() == Over.PLAN) {
          asking = name(policy, rule);
          note(policy, rule, ask(rule, values(policy.planVariables(), Map.of())), "");
        }
      }
    }
    for (Map<String, Object> change : facts.changes()) {
      for (CompiledPolicy policy : policies) {
        Map<String, Object> values = values(policy.variables(), Map.of("change", change));
        for (CompiledRule rule : policy.rules()) {
          if (rule.rule().over() == Over.CHANGE
              && rule.rule().operations().contains(change.get("action"))) {
            asking = name(policy, rule);
            Outcome outcome = ask(rule, values);
            if (!outcome.holds()) {
              note(policy, rule, outcome, Facts.label(change));
            }
          }
        }
      }
    }
    return hits.entrySet().stream()
        .map(hit -> violation(hit.getKey(), hit.getValue()))
        .sorted(Comparator.comparing(Violation::position))
        .toList();
  }

  private static String name(CompiledPolicy policy, CompiledRule rule) {
    return policy.declaration().name() + "/" + rule.rule().name();
  }

  private Map<String, Object> values(Map<String, Program> variables, Map<String, Object> more) {
    Map<String, Object> values = new HashMap<>(more);
    values.put("plan", facts.plan());
    values.put("vault", facts.vault());
    values.put("now", facts.now());
    values.put("variables", new Variables(variables, values));
    return values;
  }

  private void note(CompiledPolicy policy, CompiledRule rule, Outcome outcome, String label) {
    if (!outcome.holds()) {
      List<String> labels = hits.computeIfAbsent(
          new Key(policy, rule, outcome.message(), outcome.failed(), outcome.offset()),
          key -> new ArrayList<>());
      if (!label.isEmpty()) {
        labels.add(label);
      }
    }
  }

  private static Outcome ask(CompiledRule rule, Map<String, Object> values) {
    try {
      if (rule.when().isPresent() && !truth(rule.when().get(), values)) {
        return Outcome.HOLDS;
      }
      return truth(rule.require(), values)
          ? Outcome.HOLDS
          : new Outcome(false, message(rule, values), false, 0);
    } catch (CelEvaluationException | Variables.Unusable e) {
      Matcher fault = FAULT.matcher(String.valueOf(e.getMessage()));
      boolean placed = fault.matches() && e instanceof CelEvaluationException;
      return new Outcome(
          false,
          placed ? fault.group(2) : String.valueOf(e.getMessage()),
          true,
          placed ? Integer.parseInt(fault.group(1)) : 0);
    } catch (StackOverflowError
        | OutOfMemoryError e) { // a hostile policy must not take the run down with it
      return new Outcome(false, "it needs too much memory", true, 0);
    }
  }

  private static boolean truth(Program program, Map<String, Object> values)
      throws CelEvaluationException {
    Object value = program.run(values);
    if (value instanceof Boolean truth) {
      return truth;
    }
    throw new Variables.Unusable(
        "it gave " + value.getClass().getSimpleName() + ", not true or false");
  }

  private static String message(CompiledRule rule, Map<String, Object> values) {
    if (rule.messageExpression().isPresent()) {
      try {
        Object text = rule.messageExpression().get().run(values);
        if (text instanceof String message && !message.isBlank()) {
          return message.length() <= LONGEST_MESSAGE
              ? message
              : message.substring(0, LONGEST_MESSAGE) + "…";
        }
      } catch (CelEvaluationException
          | Variables.Unusable
          | StackOverflowError
          | OutOfMemoryError e) {
        return rule.rule()
            .message()
            .orElse("does not hold"); // as Kubernetes: the fixed words stand in
      }
    }
    return rule.rule()
        .message()
        .orElseGet(() -> "does not hold: " + rule.rule().require().text().strip());
  }

  private static Violation violation(Key key, List<String> labels) {
    Rule rule = key.rule().rule();
    String policy = key.policy().declaration().name();
    String name = policy + "/" + rule.name();
    SourceText at = rule.require();
    boolean warn = rule.action() == Action.WARN;
    Diagnostic diagnostic = key.failed()
        ? Diagnostic.error(
            "DV256",
            name + " could not be evaluated",
            sentence(key.message()),
            "Until it can, it counts as not holding."
                + (key.message().contains("not present")
                    ? " Ask has() first for what may be absent."
                    : ""))
        : warn
            ? Diagnostic.warning("DV255", "warned by " + name, key.message())
            : Diagnostic.error("DV254", "denied by " + name, key.message());
    int length = at.text().lines().findFirst().orElse("").length();
    Diagnostic placed =
        at.locate(diagnostic, key.offset(), key.failed() ? 1 : length).on(some(labels));
    return new Violation(
        policy,
        rule.name(),
        rule.action(),
        key.message(),
        labels,
        at.position(),
        warn ? placed.as(Diagnostic.Severity.WARNING) : placed);
  }

  private static String sentence(String message) {
    return PolicyFindings.capitalized(message) + (message.endsWith(".") ? "" : ".");
  }

  static String some(List<String> labels) {
    String first = String.join(", ", labels.subList(0, Math.min(SHOWN, labels.size())));
    return labels.size() <= SHOWN
        ? first
        : first + " and %,d more".formatted(labels.size() - SHOWN);
  }
}
