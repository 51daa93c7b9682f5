package io.dvault.policy;

import io.dvault.desired.PolicyDeclaration;
import io.dvault.desired.PolicyDeclaration.Action;
import io.dvault.model.Diagnostic;
import io.dvault.model.Durations;
import io.dvault.policy.PolicyReport.Violation;
import io.dvault.registry.DeviceRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code enforce} before anything is issued: whatever devices would refuse is denied. */
final class Enforcement {
  /** It counts as a rule of its policy, by this name. */
  static final String RULE = "enforce";

  private Enforcement() {}

  static List<Violation> check(Facts facts, List<PolicyDeclaration> policies) {
    List<Violation> violations = new ArrayList<>();
    for (PolicyDeclaration policy : policies) {
      if (!policy.enforce().equals(DeviceRules.NONE)) {
        Map<String, List<String>> hits = new LinkedHashMap<>();
        collect(facts.changes(), policy.enforce(), hits);
        collect(facts.kept(), policy.enforce(), hits);
        hits.forEach((why, labels) -> violations.add(violation(policy, why, labels)));
      }
    }
    return violations;
  }

  private static void collect(
      List<Map<String, Object>> changes, DeviceRules rules, Map<String, List<String>> hits) {
    for (Map<String, Object> change : changes) {
      if (!change.get("action").equals("revoke")) {
        refusal(change, rules)
            .ifPresent(why ->
                hits.computeIfAbsent(why, any -> new ArrayList<>()).add(Facts.label(change)));
      }
    }
  }

  /** Why a device would refuse it, as far as that shows before it is issued. */
  private static Optional<String> refusal(Map<String, Object> change, DeviceRules rules) {
    String kind = (String) change.get("kind");
    Duration ttl = (Duration) change.get("ttl");
    String keyType = (String) change.get("keyType");
    String path = (String) ((Map<?, ?>) change.get("install")).get("path");
    if (!rules.takesKind(kind)) {
      return Optional.of("devices take no " + kind);
    }
    if (!rules.takesLife(kind, ttl)) {
      return Optional.of("it lives " + Durations.format(ttl) + "; devices take a " + kind + " for "
          + Durations.format(rules.longestTtl().get(kind)) + " at most");
    }
    if (!keyType.isEmpty() && !rules.takesKeyType(keyType)) {
      return Optional.of("devices take no key of type " + keyType);
    }
    return path.isEmpty() || rules.takesFolder(path)
        ? Optional.empty()
        : Optional.of("devices take no files in " + path);
  }

  private static Violation violation(PolicyDeclaration policy, String why, List<String> labels) {
    String name = policy.name() + "/" + RULE;
    Diagnostic diagnostic = Diagnostic.error(
            "DV258", "devices would refuse it: " + name, PolicyFindings.capitalized(why) + ".")
        .at(policy.position())
        .on(Evaluation.some(labels));
    return new Violation(
        policy.name(), RULE, Action.DENY, why, labels, policy.position(), diagnostic);
  }
}
