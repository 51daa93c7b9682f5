package io.dvault.policy;

import dev.cel.common.CelIssue;
import dev.cel.common.types.CelType;
import io.dvault.model.Diagnostic;
import io.dvault.model.Spelling;
import io.dvault.yaml.Findings;
import io.dvault.yaml.SourceText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What CEL finds wrong with an expression, at its place in the file and in our words. */
final class PolicyFindings {
  private static final Pattern UNKNOWN_NAME =
      Pattern.compile("undeclared reference to '([^']*)'.*");
  private static final Pattern UNKNOWN_FIELD = Pattern.compile("undefined field '([^']*)'");
  private static final Pattern NO_OVERLOAD = Pattern.compile(
      "found no matching overload for '([^']*)' applied to '(.*?)'(?: \\(candidates.*)?");
  private static final Pattern OPERATOR = Pattern.compile("[@_]*([^A-Za-z_@]+|in)_?");
  private static final Pattern LAST_NAME = Pattern.compile(".*?([A-Za-z_][A-Za-z0-9_]*)\\s*");
  private static final Set<String> FUNCTIONS = Set.of(
      "all",
      "bool",
      "bytes",
      "contains",
      "days",
      "double",
      "duration",
      "dyn",
      "endsWith",
      "exists",
      "exists_one",
      "filter",
      "getDate",
      "getDayOfWeek",
      "getFullYear",
      "getHours",
      "getMinutes",
      "getMonth",
      "getSeconds",
      "has",
      "int",
      "map",
      "matches",
      "size",
      "startsWith",
      "string",
      "timestamp",
      "type",
      "uint");

  private final SourceText source;
  private final Map<String, CelType> names;
  private final Struct variables;
  private final Findings findings;

  PolicyFindings(
      SourceText source, Map<String, CelType> names, Struct variables, Findings findings) {
    this.source = source;
    this.names = names;
    this.variables = variables;
    this.findings = findings;
  }

  /** The first fault of the form hides what follows; faults of meaning are told all. */
  void tell(List<CelIssue> issues) {
    boolean form = issues.stream()
        .map(CelIssue::getMessage)
        .noneMatch(each -> UNKNOWN_NAME.matcher(each).matches()
            || UNKNOWN_FIELD.matcher(each).matches()
            || NO_OVERLOAD.matcher(each).matches());
    issues.stream().limit(form ? 1 : issues.size()).forEach(this::tell);
  }

  void wrongType(CelType type, CelType wanted) {
    Diagnostic diagnostic = Diagnostic.error(
        "DV250",
        "the expression is of another type",
        "It gives " + words(type.name()) + "; " + words(wanted.name()) + " is expected here.");
    findings.add(source.locate(
        diagnostic, 0, source.text().lines().findFirst().orElse("").length()));
  }

  private static String words(String type) {
    return switch (type) {
      case "bool" -> "true or false";
      case "string" -> "a text";
      case "int", "uint", "double" -> "a number";
      case "google.protobuf.Duration" -> "a duration";
      case "google.protobuf.Timestamp" -> "a time";
      default -> "a " + type.replace("dvault.", "");
    };
  }

  private void tell(CelIssue issue) {
    String message = issue.getMessage();
    int at = offset(issue);
    Matcher name = UNKNOWN_NAME.matcher(message);
    Matcher field = UNKNOWN_FIELD.matcher(message);
    if (name.matches()) {
      unknownName(name.group(1), at);
    } else if (field.matches()) {
      unknownField(field.group(1), at);
    } else {
      findings.add(source.locate(other(message), at, 1));
    }
  }

  private void unknownName(String name, int at) {
    boolean call = at < source.text().length() && "(".equals(substring(at, 1));
    if (name.equals("change") && !names.containsKey("change")) {
      findings.add(source.locate(
          Diagnostic.error(
              "DV250",
              "a rule over the plan sees no single change",
              "Ask plan.changes, or leave out over: plan."),
          at,
          name.length()));
      return;
    }
    Collection<String> known = new TreeSet<>(FUNCTIONS);
    if (!call) {
      known = new TreeSet<>(names.keySet());
    }
    String[] detail = Spelling.hint(name, known).isEmpty()
        ? new String[] {
          call
              ? "Functions are those of CEL, and days(n)."
              : "Names: " + String.join(", ", known) + "."
        }
        : new String[0];
    String what = call ? "function" : "name";
    Diagnostic diagnostic = Diagnostic.error(
            "DV250", "unknown " + what + " \"" + name + "\"", detail)
        .hinting(Spelling.hint(name, known));
    int start = call ? Math.max(0, before(at).lastIndexOf(name)) : at;
    findings.add(source.locate(diagnostic, start, name.length()));
  }

  /** CEL points at the dot; the field comes after it, and what it was asked of before. */
  private void unknownField(String name, int dot) {
    Set<String> known = new TreeSet<>();
    Matcher owner = LAST_NAME.matcher(before(dot).replace('\n', ' '));
    String of = owner.matches() ? owner.group(1) : "";
    Optional<Struct> struct = struct(of);
    if (struct.isPresent()) {
      struct.get().fields().forEach(field -> known.add(field.name()));
    } else {
      Vocabulary.ALL.forEach(each -> each.fields().forEach(field -> known.add(field.name())));
    }
    String hint = Spelling.hint(name, known);
    String[] detail = !hint.isEmpty() || struct.isEmpty()
        ? new String[0]
        : known.isEmpty()
            ? new String[] {"There are no variables that can be used here."}
            : new String[] {"Fields of " + of + ": " + String.join(", ", known) + "."};
    int start =
        Math.max(dot, source.text().indexOf(name, source.text().offsetByCodePoints(0, dot)));
    findings.add(source.locate(
        Diagnostic.error("DV250", "unknown field \"" + name + "\"", detail).hinting(hint),
        start,
        name.length()));
  }

  private Optional<Struct> struct(String name) {
    if (name.equals("variables")) {
      return Optional.of(variables);
    }
    if (names.containsKey(name)) {
      return Vocabulary.find(names.get(name));
    }
    return Vocabulary.ALL.stream()
        .flatMap(struct -> struct.fields().stream())
        .filter(field -> field.name().equals(name))
        .flatMap(field -> Vocabulary.find(field.type()).stream())
        .findFirst();
  }

  private static Diagnostic other(String message) {
    Matcher overload = NO_OVERLOAD.matcher(message);
    if (overload.matches()) {
      Matcher operator = OPERATOR.matcher(overload.group(1));
      String called = operator.matches() ? operator.group(1) : overload.group(1);
      return Diagnostic.error(
          "DV250",
          "\"" + called + "\" cannot be used on these",
          "They are: "
              + overload
                  .group(2)
                  .replaceAll("^\\(|\\)$", "")
                  .replace("dvault.", "")
                  .replace("google.protobuf.", "")
              + ".");
    }
    if (message.contains("exceed") || message.contains("limit")) {
      return Diagnostic.error(
          "DV251",
          "the expression is too long or too complex",
          "At most " + Programs.LONGEST + " characters and 40 levels: split it with variables.",
          message + ".");
    }
    if (message.contains("'<EOF>'") && message.startsWith("mismatched")) {
      return Diagnostic.error("DV250", "the expression ends too early");
    }
    if (message.startsWith("token recognition error at: '=")) {
      return Diagnostic.error("DV250", "\"=\" is no operator").hinting("did you mean \"==\"?");
    }
    String first = message
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst(" expecting .*", "")
        .replaceFirst("^\\w+ validation failed\\. Reason: ", "")
        .replaceFirst("^evaluation error[^:]*: ", "");
    return Diagnostic.error("DV250", "not a CEL expression", capitalized(first) + ".");
  }

  static String capitalized(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private String before(int at) {
    return substring(0, at);
  }

  /** @param from in code points, as {@code length} */
  private String substring(int from, int length) {
    return source
        .text()
        .codePoints()
        .skip(from)
        .limit(length)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** In code points; CEL counts lines from 1 and columns from 0. */
  private int offset(CelIssue issue) {
    List<String> lines = new ArrayList<>(List.of(source.text().split("\n", -1)));
    int line = Math.clamp(issue.getSourceLocation().getLine() - 1, 0, lines.size() - 1);
    int offset = 0;
    for (int i = 0; i < line; i++) {
      offset += lines.get(i).codePointCount(0, lines.get(i).length()) + 1;
    }
    return Math.max(0, offset + issue.getSourceLocation().getColumn());
  }
}
