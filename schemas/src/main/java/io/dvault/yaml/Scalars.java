package io.dvault.yaml;

import io.dvault.yaml.YamlNode.Mapping;
import io.dvault.yaml.YamlNode.Scalar;
import io.dvault.yaml.YamlNode.Sequence;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a scalar is under the YAML 1.2 core schema. */
final class Scalars {
  private static final Pattern NUMBER = Pattern.compile(
      "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+"
          + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
  private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]{0,17})");
  private static final Set<String> BOOLEANS =
      Set.of("true", "True", "TRUE", "false", "False", "FALSE");
  private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");
  private static final Pattern OTHER_ELSEWHERE = Pattern.compile(
      "[-+]?0[0-7_]+|[-+]?[0-9][0-9_]*_[0-9_]*(\\.[0-9_]*)?|[-+]?[0-9]+(:[0-5]?[0-9])+(\\.[0-9_]*)?"
          + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?|0b[01_]+|=");
  private static final Set<String> OLD_BOOLEANS = Set.of("yes", "no", "on", "off", "y", "n");

  private Scalars() {}

  static boolean isNothing(Scalar scalar) {
    return scalar.plain() && isNothing(scalar.text());
  }

  static boolean isNothing(String plain) {
    return NOTHING.contains(plain);
  }

  /** {@code "a number"} and the like when a plain scalar is something other than text; empty when it is text. */
  static String otherThanText(Scalar scalar) {
    return scalar.plain() ? otherThanText(scalar.text()) : "";
  }

  static String otherThanText(String plain) {
    if (BOOLEANS.contains(plain)) {
      return "a boolean";
    }
    return NUMBER.matcher(plain).matches() ? "a number" : "";
  }

  static boolean isBoolean(Scalar scalar) {
    return scalar.plain() && BOOLEANS.contains(scalar.text());
  }

  static boolean isOldBoolean(Scalar scalar) {
    return scalar.plain()
        && OLD_BOOLEANS.contains(scalar.text().toLowerCase(java.util.Locale.ROOT));
  }

  static boolean isInteger(Scalar scalar) {
    return scalar.plain() && DECIMAL.matcher(scalar.text()).matches();
  }

  /** Whether a plain text, which is one to us, is a boolean, number or date to readers of YAML 1.1. */
  static boolean isMisreadElsewhere(String plain) {
    return isOldBoolean(new Scalar(plain, true, 1, 1, 1))
        || OTHER_ELSEWHERE.matcher(plain).matches() && !NUMBER.matcher(plain).matches();
  }

  /** {@code node} in the types of the core schema that YAML here uses; a field without a value is left out. */
  static Map<String, Object> tree(Mapping node) {
    Map<String, Object> tree = new LinkedHashMap<>();
    node.fields().forEach((key, field) -> {
      if (!(field.value() instanceof Scalar scalar && isNothing(scalar))) {
        tree.put(key, value(field.value()));
      }
    });
    return Collections.unmodifiableMap(tree);
  }

  private static Object value(YamlNode node) {
    return switch (node) {
      case Mapping mapping -> tree(mapping);
      case Sequence sequence -> sequence.items().stream().map(Scalars::value).toList();
      case Scalar scalar when isInteger(scalar) -> Long.parseLong(scalar.text());
      case Scalar scalar when isBoolean(scalar) -> scalar.text().equalsIgnoreCase("true");
      case Scalar scalar -> scalar.text();
    };
  }
}
