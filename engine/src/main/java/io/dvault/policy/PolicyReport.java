package io.dvault.policy;

import io.dvault.desired.PolicyDeclaration.Action;
import io.dvault.model.Diagnostic;
import io.dvault.model.SourcePosition;
import java.util.List;

/**
 * What the trust policies say of a plan.
 *
 * @param rules how many were asked
 * @param violations those that did not hold, in the order of the files
 */
public record PolicyReport(int rules, List<Violation> violations) {
  /** Of a vault without policies. */
  public static final PolicyReport NONE = new PolicyReport(0, List.of());

  public PolicyReport {
    violations = List.copyOf(violations);
  }

  /**
   * One rule that did not hold, for one message.
   *
   * @param changes labels of the changes that it did not hold for; empty for a rule over the plan
   * @param position of the expression
   * @param diagnostic the same for people
   */
  public record Violation(
      String policy,
      String rule,
      Action action,
      String message,
      List<String> changes,
      SourcePosition position,
      Diagnostic diagnostic) {
    public Violation {
      changes = List.copyOf(changes);
    }

    /** {@code short-access/at-most-15m}. */
    public String name() {
      return policy + "/" + rule;
    }
  }

  public boolean denied() {
    return violations.stream().anyMatch(each -> each.action() == Action.DENY);
  }

  /** Those that keep the plan from being applied. */
  public List<Diagnostic> denials() {
    return diagnostics(Action.DENY);
  }

  public List<Diagnostic> warnings() {
    return diagnostics(Action.WARN);
  }

  private List<Diagnostic> diagnostics(Action action) {
    return violations.stream()
        .filter(each -> each.action() == action)
        .map(Violation::diagnostic)
        .toList();
  }

  /** How many rules held for everything. */
  public int passed() {
    return rules - (int) violations.stream().map(Violation::name).distinct().count();
  }

  /** {@code 3 rules passed.}; {@code 1 of 3 rules denies, 1 warns.} */
  public String summary() {
    long denying = rulesWith(Action.DENY);
    long warning = rulesWith(Action.WARN);
    if (denying + warning == 0) {
      return rules == 1 ? "1 rule passed." : rules + " rules passed.";
    }
    String first = denying > 0 ? verb(denying, "denies", "deny") : verb(warning, "warns", "warn");
    String second =
        denying > 0 && warning > 0 ? ", " + warning + (warning == 1 ? " warns" : " warn") : "";
    return first + second + ".";
  }

  private String verb(long count, String one, String many) {
    return count + " of " + rules + (rules == 1 ? " rule " : " rules ") + (count == 1 ? one : many);
  }

  private long rulesWith(Action action) {
    return violations.stream()
        .filter(each -> each.action() == action)
        .map(Violation::name)
        .distinct()
        .count();
  }
}
