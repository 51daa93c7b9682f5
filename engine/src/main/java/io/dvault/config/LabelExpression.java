package io.dvault.config;

import io.dvault.desired.Glob;
import io.dvault.yaml.Fields;
import java.util.List;
import java.util.Map;

/**
 * A condition on one label, as in Kubernetes' {@code matchExpressions}; values may be patterns.
 *
 * @param values of {@code In} and {@code NotIn}, else empty
 */
record LabelExpression(String key, Operator operator, List<String> values) {
  /** NOT_IN holds also where the label is missing, as in Kubernetes. */
  enum Operator {
    IN("In"),
    NOT_IN("NotIn"),
    EXISTS("Exists"),
    DOES_NOT_EXIST("DoesNotExist");

    static final List<String> NAMES = List.of("In", "NotIn", "Exists", "DoesNotExist");
    private final String text;

    Operator(String text) {
      this.text = text;
    }

    boolean takesValues() {
      return this == IN || this == NOT_IN;
    }
  }

  static LabelExpression read(Fields fields) {
    String key = fields.requireString("key");
    if (!fields.has("operator")) {
      fields.requireString("operator");
    }
    Operator operator = Operator.values()[
        Operator.NAMES.indexOf(fields.choice("operator", Operator.EXISTS.text, Operator.NAMES))];
    List<String> values = fields.strings("values");
    if (operator.takesValues() && values.isEmpty()) {
      fields.error("values", "DV040", operator.text + " needs values", "values: [berlin, paris]");
    } else if (!operator.takesValues() && fields.has("values") && fields.has("operator")) {
      fields.error(
          "values",
          "DV040",
          operator.text + " takes no values",
          "Remove them, or use In or NotIn.");
    }
    return new LabelExpression(key, operator, values);
  }

  boolean matches(Map<String, String> labels) {
    String value = labels.get(key);
    boolean listed = value != null && values.stream().anyMatch(each -> Glob.matches(each, value));
    return switch (operator) {
      case IN -> listed;
      case NOT_IN -> !listed;
      case EXISTS -> value != null;
      case DOES_NOT_EXIST -> value == null;
    };
  }

  @Override
  public String toString() {
    return key + " " + operator.text + (operator.takesValues() ? " " + values : "");
  }
}
