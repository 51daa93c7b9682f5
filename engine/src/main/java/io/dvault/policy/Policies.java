package io.dvault.policy;

import io.dvault.desired.DesiredState;
import io.dvault.desired.PolicyDeclaration;
import io.dvault.desired.PolicyDeclaration.Action;
import io.dvault.desired.PolicyLanguage;
import io.dvault.model.Diagnostic;
import io.dvault.model.SourcePosition;
import io.dvault.plan.Plan;
import io.dvault.policy.PolicyReport.Violation;
import io.dvault.registry.DeviceRules;
import io.dvault.spi.SecretKind;
import io.dvault.yaml.Findings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The trust policies of one repository: checked as they are read, then asked about plans. */
public final class Policies implements PolicyLanguage {
  /** Of all expressions together: what takes some seconds to check. */
  private static final long MOST_CHARACTERS = 256 << 10;

  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final Duration longest;
  private List<CompiledPolicy> compiled = List.of();
  private List<PolicyCase> cases = List.of();

  public Policies() {
    this(LONGEST);
  }

  /** @param longest how long all rules together may take */
  Policies(Duration longest) {
    this.longest = longest;
  }

  @Override
  public void check(List<PolicyDeclaration> policies, List<Test> tests, Findings findings) {
    long length = policies.stream().mapToLong(PolicyDeclaration::length).sum();
    if (length > MOST_CHARACTERS) {
      findings.add(Diagnostic.error(
          "DV251",
          "the policies are too long",
          "Their expressions have %,d characters together; at most %,d are read."
              .formatted(length, MOST_CHARACTERS)));
      return;
    }
    CompiledPolicy.Compiler compiler = new CompiledPolicy.Compiler();
    compiled =
        policies.stream().map(policy -> compiler.compile(policy, findings)).toList();
    cases = tests.stream()
        .flatMap(test -> new CaseReader(policies).read(test, findings).stream())
        .toList();
  }

  /** What they say of {@code plan}; a plan that changes nothing is not asked about. {@code kinds} by entry kind. */
  public PolicyReport evaluate(Plan plan, DesiredState desired, Map<String, SecretKind> kinds) {
    if (compiled.isEmpty() || plan.isEmpty()) {
      return PolicyReport.NONE;
    }
    return new PolicyReport(rules(), ask(PlanFacts.of(plan, desired, kinds)));
  }

  private int rules() {
    return compiled.stream()
        .map(CompiledPolicy::declaration)
        .mapToInt(each -> each.rules().size() + (each.enforce().equals(DeviceRules.NONE) ? 0 : 1))
        .sum();
  }

  private List<Violation> ask(Facts facts) {
    Evaluation evaluation = new Evaluation(facts);
    List<Violation> violations = new ArrayList<>(Enforcement.check(
        facts, compiled.stream().map(CompiledPolicy::declaration).toList()));
    violations.addAll(Bounded.call(() -> evaluation.run(compiled), longest)
        .orElseGet(() -> List.of(tooSlow(evaluation.asking()))));
    return violations;
  }

  /** No verdict is a denial. */
  private Violation tooSlow(String asking) {
    CompiledPolicy policy = compiled.stream()
        .filter(each -> asking.startsWith(each.declaration().name() + "/"))
        .findFirst()
        .orElse(compiled.getFirst());
    SourcePosition position = policy.declaration().position();
    String why = "not done after " + longest.toSeconds() + "s";
    Diagnostic diagnostic = Diagnostic.error(
            "DV260",
            "the policies take too long",
            "They were " + why + ", at " + asking + ".",
            "A plan without a verdict is not applied: make the rule simpler.")
        .at(position);
    return new Violation(
        policy.declaration().name(),
        asking.substring(asking.indexOf('/') + 1),
        Action.DENY,
        why,
        List.of(),
        position,
        diagnostic);
  }

  /** The cases of every {@code kind: PolicyTest}, in the order of the files. */
  public List<PolicyCase> cases() {
    return cases;
  }

  /** Asks the rules about what {@code each} makes up. */
  public PolicyCase.Result run(PolicyCase each) {
    return each.compare(ask(each.facts()));
  }
}
