package io.dvault.policy;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import io.dvault.desired.PolicyDeclaration;
import io.dvault.desired.PolicyDeclaration.Action;
import io.dvault.desired.PolicyLanguage.Test;
import io.dvault.model.EntryAddress;
import io.dvault.model.Spelling;
import io.dvault.registry.DeviceRules;
import io.dvault.yaml.Fields;
import io.dvault.yaml.Findings;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads {@code kind: PolicyTest}: the fields of {@link Vocabulary} as YAML; what is left out is empty. */
final class CaseReader {
  private static final Instant SOME_DAY = Instant.parse("2026-01-01T00:00:00Z");

  private final SortedSet<String> rules = new TreeSet<>();

  CaseReader(List<PolicyDeclaration> policies) {
    for (PolicyDeclaration policy : policies) {
      policy.rules().forEach(rule -> rules.add(policy.name() + "/" + rule.name()));
      if (!policy.enforce().equals(DeviceRules.NONE)) {
        rules.add(policy.name() + "/" + Enforcement.RULE);
      }
    }
  }

  List<PolicyCase> read(Test test, Findings findings) {
    List<PolicyCase> cases = new ArrayList<>();
    if (!test.spec().has("cases")) {
      test.spec()
          .error(
              "cases",
              "DV013",
              "missing field \"cases\"",
              "At least one: cases: [{name: …, change: {…}}].");
    }
    for (Fields each : test.spec().maps("cases")) {
      int before = findings.count();
      PolicyCase read = read(test.name(), each);
      if (findings.count() == before) {
        cases.add(read);
      }
    }
    return cases;
  }

  private PolicyCase read(String test, Fields fields) {
    String name = fields.requireString("name");
    Fields planned = fields.map("plan");
    List<Map<String, Object>> changes = new ArrayList<>();
    if (fields.has("change") == planned.has("changes") && fields.has("change")) {
      fields.error("change", "DV259", "both change and plan.changes", "Say one of them.");
    }
    if (fields.has("change")) {
      changes.add(change(fields.map("change")));
    }
    planned.maps("changes").forEach(each -> changes.add(change(each)));
    Map<String, Object> plan = struct(planned, Vocabulary.PLAN);
    plan.put("changes", List.copyOf(changes));
    count(planned, plan, "issues", "issue");
    count(planned, plan, "rotations", "rotate");
    count(planned, plan, "revocations", "revoke");
    Map<String, Object> vault = struct(fields.map("vault"), Vocabulary.VAULT);
    Facts facts = new Facts(plan, vault, now(fields), List.copyOf(changes), List.of());
    return new PolicyCase(test, name, fields.position(), facts, expected(fields.map("expect")));
  }

  private static void count(Fields fields, Map<String, Object> plan, String key, String action) {
    if (!fields.has(key)) {
      List<?> changes = (List<?>) plan.get("changes");
      plan.put(
          key,
          changes.stream()
              .filter(each -> ((Map<?, ?>) each).get("action").equals(action))
              .count());
    }
  }

  private static Map<String, Object> change(Fields fields) {
    Map<String, Object> change = struct(fields, Vocabulary.CHANGE);
    String action = fields.choice("action", "issue", List.of("issue", "rotate", "revoke"));
    change.put("action", action);
    if (fields.has("address")) {
      address(fields, change);
    }
    return change;
  }

  /** An address says kind, name and device too. */
  private static void address(Fields fields, Map<String, Object> change) {
    try {
      EntryAddress address = EntryAddress.parse((String) change.get("address"));
      Map<String, Object> device = new HashMap<>();
      ((Map<?, ?>) change.get("device")).forEach((key, value) -> device.put((String) key, value));
      device.put("name", address.device());
      change.put("kind", address.kind());
      change.put("name", address.name());
      change.put("device", device);
    } catch (IllegalArgumentException e) {
      fields.error(
          "address",
          "DV259",
          "not an address",
          "An entry is written Kind/name@device: Grant/alice@drone-7.");
    }
  }

  private static Instant now(Fields fields) {
    Optional<String> text = fields.findString("now");
    try {
      return text.map(Instant::parse).orElse(SOME_DAY);
    } catch (DateTimeParseException e) {
      fields.error(
          "now", "DV259", "not a time", "Write it in UTC, in quotes: \"2026-11-22T20:00:00Z\".");
      return SOME_DAY;
    }
  }

  private SortedSet<String> expected(Fields expect) {
    SortedSet<String> lines = new TreeSet<>();
    for (Action action : Action.values()) {
      String key = PolicyCase.line(action, "").strip();
      for (String name : expect.strings(key)) {
        List<String> meant = rules.stream()
            .filter(rule -> rule.equals(name) || rule.endsWith("/" + name))
            .toList();
        if (meant.size() == 1) {
          lines.add(PolicyCase.line(action, meant.getFirst()));
        } else if (meant.isEmpty()) {
          String hint = Spelling.hint(
              name,
              rules.stream()
                  .map(rule -> name.contains("/") ? rule : rule.substring(rule.indexOf('/') + 1))
                  .toList());
          expect.error(
              key,
              "DV259",
              "there is no rule \"" + name + "\"",
              hint.isEmpty()
                  ? "Rules: " + String.join(", ", rules) + "."
                  : PolicyFindings.capitalized(hint));
        } else {
          expect.error(
              key,
              "DV259",
              "more than one rule is called \"" + name + "\"",
              "Say which: " + String.join(", ", meant) + ".");
        }
      }
    }
    return lines;
  }

  /** Every field of {@code struct}; those that are absent are empty. */
  private static Map<String, Object> struct(Fields fields, Struct struct) {
    Map<String, Object> values = new HashMap<>();
    struct
        .fields()
        .forEach(field -> values.put(field.name(), value(fields, field.name(), field.type())));
    return values;
  }

  private static Object value(Fields fields, String key, CelType type) {
    if (type.equals(SimpleType.STRING)) {
      return fields.findString(key).orElse("");
    }
    if (type.equals(SimpleType.INT)) {
      return fields.integer(key, 0, 0, Long.MAX_VALUE);
    }
    if (type.equals(SimpleType.BOOL)) {
      return fields.bool(key, false);
    }
    if (type.equals(SimpleType.DURATION)) {
      return fields.findDuration(key).orElse(Duration.ZERO);
    }
    if (type instanceof ListType list) {
      Optional<Struct> items = Vocabulary.find(list.elemType());
      return items.isPresent()
          ? fields.maps(key).stream().map(each -> struct(each, items.get())).toList()
          : fields.strings(key);
    }
    if (type instanceof MapType map) {
      return map.valueType().equals(SimpleType.STRING) ? fields.stringMap(key) : fields.tree(key);
    }
    Struct nested = Vocabulary.find(type)
        .orElseThrow(() -> new IllegalStateException("no values of " + type.name()));
    return struct(fields.map(key), nested);
  }
}
