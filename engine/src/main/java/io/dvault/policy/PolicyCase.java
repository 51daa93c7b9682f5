package io.dvault.policy;

import io.dvault.desired.PolicyDeclaration.Action;
import io.dvault.model.SourcePosition;
import io.dvault.policy.PolicyReport.Violation;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** One case of a {@code kind: PolicyTest}: facts that somebody made up, and what the rules must say of them. */
public final class PolicyCase {
  private final String test;
  private final String name;
  private final SourcePosition position;
  private final Facts facts;
  private final SortedSet<String> expected;

  PolicyCase(
      String test, String name, SourcePosition position, Facts facts, SortedSet<String> expected) {
    this.test = test;
    this.name = name;
    this.position = position;
    this.facts = facts;
    this.expected = expected;
  }

  /** Name of the object that it stands in. */
  public String test() {
    return test;
  }

  public String name() {
    return name;
  }

  public SourcePosition position() {
    return position;
  }

  Facts facts() {
    return facts;
  }

  static String line(Action action, String rule) {
    return action.name().toLowerCase(Locale.ROOT) + " " + rule;
  }

  /**
   * How a case came out; each line is {@code deny POLICY/RULE} or {@code warn POLICY/RULE}.
   *
   * @param agreed what was expected and happened
   * @param missing what was expected and did not happen
   * @param surplus what happened and was not expected, with what the rule said
   */
  public record Result(
      PolicyCase of, List<String> agreed, List<String> missing, SortedMap<String, String> surplus) {
    public Result {
      agreed = List.copyOf(agreed);
      missing = List.copyOf(missing);
      surplus = Collections.unmodifiableSortedMap(new TreeMap<>(surplus));
    }

    public boolean passed() {
      return missing.isEmpty() && surplus.isEmpty();
    }
  }

  Result compare(List<Violation> violations) {
    Map<String, String> happened = new TreeMap<>();
    violations.forEach(
        each -> happened.putIfAbsent(line(each.action(), each.name()), each.message()));
    SortedMap<String, String> surplus = new TreeMap<>(happened);
    surplus.keySet().removeAll(expected);
    SortedSet<String> missing = new TreeSet<>(expected);
    missing.removeAll(happened.keySet());
    SortedSet<String> agreed = new TreeSet<>(expected);
    agreed.retainAll(happened.keySet());
    return new Result(this, List.copyOf(agreed), List.copyOf(missing), surplus);
  }
}
