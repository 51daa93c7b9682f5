package io.dvault.desired;

import io.dvault.model.SourcePosition;
import io.dvault.registry.DeviceRules;
import io.dvault.yaml.SourceText;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code kind: TrustPolicy}, its expressions as they stand in the file: what they mean is known in {@code policy}.
 *
 * @param variables in the order of the file: each may use those before it
 * @param enforce what devices hold to by themselves
 */
public record PolicyDeclaration(
    String name,
    List<Variable> variables,
    List<Rule> rules,
    DeviceRules enforce,
    SourcePosition position) {
  public PolicyDeclaration {
    variables = List.copyOf(variables);
    rules = List.copyOf(rules);
  }

  /** How many characters all expressions have. */
  public long length() {
    return Stream.concat(
            variables.stream().map(Variable::expression),
            rules.stream()
                .flatMap(rule -> Stream.concat(
                    Stream.of(rule.require()),
                    Stream.of(rule.when(), rule.messageExpression()).flatMap(Optional::stream))))
        .mapToLong(each -> each.text().length())
        .sum();
  }

  /** What a rule looks at: each change alone, or the plan as a whole. */
  public enum Over {
    CHANGE,
    PLAN
  }

  /** What happens when a rule does not hold. */
  public enum Action {
    DENY,
    WARN
  }

  public record Variable(String name, SourceText expression) {}

  /**
   * @param operations which changes the rule is asked about, by {@code change.action}; of rules over a change
   * @param when whether the rule is asked at all; always, when absent
   * @param require what must hold then
   * @param message for people, when it does not
   * @param messageExpression the same, computed; {@code message} stands in when that fails
   */
  public record Rule(
      String name,
      Over over,
      Action action,
      Set<String> operations,
      Optional<SourceText> when,
      SourceText require,
      Optional<String> message,
      Optional<SourceText> messageExpression,
      SourcePosition position) {
    public Rule {
      operations = Set.copyOf(operations);
    }
  }
}
