package io.dvault.config;

import io.dvault.desired.PolicyDeclaration;
import io.dvault.desired.PolicyDeclaration.Action;
import io.dvault.desired.PolicyDeclaration.Over;
import io.dvault.desired.PolicyDeclaration.Rule;
import io.dvault.desired.PolicyDeclaration.Variable;
import io.dvault.model.Names;
import io.dvault.model.Spelling;
import io.dvault.registry.DeviceRules;
import io.dvault.spi.InstallTarget;
import io.dvault.yaml.Fields;
import io.dvault.yaml.SourceText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads {@code kind: TrustPolicy}. */
final class PolicyParser {
  private static final int MOST_RULES = 100;
  private static final List<String> OPERATIONS = List.of("issue", "rotate", "revoke");
  /** A rule about what is given must not keep anybody from taking it away, unless it says so. */
  private static final Set<String> USUAL = Set.of("issue", "rotate");

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");
  private static final Pattern KEY_TYPE = Pattern.compile("[a-z][a-z0-9@.-]{0,62}");

  private final Set<String> entryKinds;

  PolicyParser(Set<String> entryKinds) {
    this.entryKinds = entryKinds;
  }

  PolicyDeclaration parse(Envelope envelope) {
    Fields spec = envelope.spec();
    DeviceRules enforce = enforce(spec.map("enforce"));
    List<Variable> variables = variables(spec);
    List<Rule> rules = rules(spec);
    if (!spec.has("rules") && !spec.has("enforce")) {
      spec.error("rules", "DV252", "the policy is empty", "Give it rules, or enforce.");
    }
    return new PolicyDeclaration(
        envelope.name(), variables, rules, enforce, envelope.root().position());
  }

  private static List<Variable> variables(Fields spec) {
    List<Variable> variables = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Fields each : limited(spec, "variables")) {
      String name = each.requireString("name");
      Optional<SourceText> expression = required(each, "expression");
      if (!name.isEmpty() && !VARIABLE.matcher(name).matches()) {
        each.error(
            "name",
            "DV252",
            "not a variable's name",
            "Letters, digits and \"_\", the first one a letter.");
      } else if (!seen.add(name)) {
        each.error("name", "DV252", "variable \"" + name + "\" is used twice");
      } else if (!name.isEmpty()) {
        expression.ifPresent(text -> variables.add(new Variable(name, text)));
      }
    }
    return variables;
  }

  private static List<Rule> rules(Fields spec) {
    List<Rule> rules = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Fields each : limited(spec, "rules")) {
      String name = each.requireString("name");
      if (!name.isEmpty() && !Names.isName(name)) {
        each.error(
            "name",
            "DV022",
            "not a name",
            "Lower-case letters, digits, \"-\", \".\" and \"_\", 63 at most.");
      } else if (!name.isEmpty() && !seen.add(name)) {
        each.error("name", "DV252", "rule \"" + name + "\" is used twice");
      }
      Over over = choice(each, "over", Over.values());
      Action action = choice(each, "action", Action.values());
      Set<String> operations = operations(each, over);
      Optional<SourceText> when = each.findSource("when");
      Optional<SourceText> require = required(each, "require");
      Optional<String> message = each.findString("message");
      Optional<SourceText> computed = each.findSource("messageExpression");
      require.ifPresent(text -> rules.add(new Rule(
          name, over, action, operations, when, text, message, computed, each.position("name"))));
    }
    return rules;
  }

  private static Set<String> operations(Fields rule, Over over) {
    if (!rule.has("operations")) {
      return USUAL;
    }
    List<String> operations = rule.strings("operations");
    if (over == Over.PLAN) {
      rule.error(
          "operations",
          "DV252",
          "a rule over the plan is asked once, whatever the operations",
          "Look at plan.changes, or leave out over: plan.");
    } else if (operations.isEmpty()) {
      rule.error(
          "operations",
          "DV252",
          "the rule is asked about nothing",
          "Name some of: issue, rotate, revoke.");
    }
    operations.stream()
        .filter(each -> !OPERATIONS.contains(each))
        .forEach(each -> rule.error(
            "operations",
            "DV252",
            "there is no operation \"" + each + "\"",
            "They are: " + String.join(", ", OPERATIONS) + "."));
    return Set.copyOf(operations);
  }

  private static List<Fields> limited(Fields spec, String key) {
    List<Fields> all = spec.maps(key);
    if (all.size() > MOST_RULES) {
      spec.error(
          key,
          "DV252",
          "too many " + key,
          "At most " + MOST_RULES + " in one policy; make another one.");
    }
    return all;
  }

  private static Optional<SourceText> required(Fields fields, String key) {
    return fields.requireString(key).isBlank() ? Optional.empty() : fields.findSource(key);
  }

  /** The first of {@code values} is the default. */
  private static <E extends Enum<E>> E choice(Fields fields, String key, E[] values) {
    List<String> words = new ArrayList<>();
    for (E value : values) {
      words.add(value.name().toLowerCase(Locale.ROOT));
    }
    return values[words.indexOf(fields.choice(key, words.getFirst(), words))];
  }

  private DeviceRules enforce(Fields enforce) {
    SortedMap<String, Duration> longest = new TreeMap<>();
    Fields ttls = enforce.map("longestTtl");
    for (String kind : ttls.keys()) {
      Duration ttl = ttls.requireDuration(kind);
      known(ttls, kind, kind);
      if (!ttl.isZero()) {
        longest.put(kind, ttl);
      } else if (ttls.findDuration(kind).isPresent()) {
        ttls.error(
            kind, "DV016", "\"" + kind + "\" is out of range", "The longest life is at least 1s.");
      }
    }
    Optional<SortedSet<String>> kinds = set(enforce, "kinds");
    kinds.ifPresent(all -> all.forEach(kind -> known(enforce, "kinds", kind)));
    Optional<SortedSet<String>> keyTypes = set(enforce, "keyTypes");
    keyTypes.ifPresent(all -> all.stream()
        .filter(type -> !KEY_TYPE.matcher(type).matches())
        .forEach(type -> enforce.error(
            "keyTypes",
            "DV253",
            "not a type of key: \"" + type + "\"",
            "As it stands in a .pub file: ssh-ed25519, ecdsa-sha2-nistp256.")));
    Optional<SortedSet<String>> paths = set(enforce, "paths");
    paths.ifPresent(
        all -> all.stream()
            .filter(path -> !InstallTarget.isPlainFolder(path))
            .forEach(
                path -> enforce.error(
                    "paths",
                    "DV253",
                    "not a plain absolute folder: \"" + path + "\"",
                    "It starts with / and has no \"..\", doubled or trailing slash, or special character.")));
    return new DeviceRules(longest, kinds, keyTypes, paths.map(List::copyOf));
  }

  private void known(Fields fields, String key, String kind) {
    if (!entryKinds.contains(kind)) {
      String hint = Spelling.hint(kind, entryKinds);
      fields.error(
          key,
          "DV253",
          "no entry is of kind \"" + kind + "\"",
          hint.isEmpty()
              ? "Kinds of entries: " + String.join(", ", new TreeSet<>(entryKinds)) + "."
              : Recipients.sentence(hint));
    }
  }

  private static Optional<SortedSet<String>> set(Fields fields, String key) {
    if (!fields.has(key)) {
      return Optional.empty();
    }
    List<String> all = fields.strings(key);
    if (all.isEmpty()) {
      fields.error(
          key,
          "DV253",
          "\"" + key + "\" is empty",
          "Devices would take nothing at all. Name some, or leave it out.");
    }
    return Optional.of(new TreeSet<>(all));
  }
}
