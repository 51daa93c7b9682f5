package io.dvault.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvault.config.TestVault;
import io.dvault.model.Diagnostic;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code validate} says of expressions, and where. */
@Tag("P10")
@Tag("A2")
class PolicyFindingsTest {
  @TempDir
  Path folder;

  private List<Diagnostic> findings(String spec) {
    return TestVault.in(folder).object("TrustPolicy", "p", spec).findings();
  }

  /** Columns count from the start of the expression. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "change.tlt < days(1) | 7 | unknown field \"tlt\" | did you mean \"ttl\"?",
        "change.device.labls.x == 'a' | 14 | unknown field \"labls\" | did you mean \"labels\"?",
        "plan.chnges.size() == 1 | 5 | unknown field \"chnges\" | did you mean \"changes\"?",
        "plan.changes.all(c, c.knd == 'x') | 22 | unknown field \"knd\" | did you mean \"kind\"?",
        "chang.kind == 'x' | 0 | unknown name \"chang\" | did you mean \"change\"?",
        "change.kind.startWith('x') | 12 | unknown function \"startWith\" | did you mean \"startsWith\"?",
        "change.kind == 5 | 12 | \"==\" cannot be used on these | ``",
        "change.ttl < '15m' | 11 | \"<\" cannot be used on these | ``",
        "change.kind | 0 | the expression is of another type | ``",
        "change.kind = 'x' | 12 | \"=\" is no operator | did you mean \"==\"?",
        "change.kind == 'x' && | 21 | the expression ends too early | ``",
        "change.kind == ) 1 | 15 | not a CEL expression | ``",
        "change.ttl < duration('15x') | 22 | not a CEL expression | ``",
        "change.kind.matches('(') | 20 | not a CEL expression | ``",
        "now < timestamp('yesterday') | 16 | not a CEL expression | ``",
        "variables.none | 10 | unknown field \"none\" | ``"
      })
  void validate_expressionThatIsWrong_isToldAtItsPlace(
      String expression, int column, String summary, String hint) {
    List<Diagnostic> found = findings("rules:\n  - name: r\n    require: \"" + expression + "\"");
    assertEquals(1, found.size(), found.toString());
    Diagnostic told = found.getFirst();
    assertEquals(summary, told.summary());
    assertEquals("DV250", told.code());
    assertEquals(
        "trustpolicy-p.yaml:7:" + ("      require: \"".length() + 1 + column),
        told.position().orElseThrow().toString());
    assertEquals(hint, told.hint());
  }

  @Test
  void validate_severalFaults_areAllTold() {
    List<Diagnostic> found = findings("""
        variables: [{name: v, expression: chnge.kind}]
        rules:
          - {name: a, require: change.knd == plan.epch, when: plan.changes}
          - {name: a, require: "true", actn: deny}
          - {name: b, over: plan, require: 'change.kind == "x"'}
          - {name: c, over: chnge, require: "true", messageExpression: "1"}
        """);
    assertEquals(
        List.of(
            "unknown name \"chnge\"",
            "unknown field \"knd\"",
            "unknown field \"epch\"",
            "the expression is of another type",
            "rule \"a\" is used twice",
            "unknown field \"actn\"",
            "a rule over the plan sees no single change",
            "\"over\" cannot be \"chnge\"",
            "the expression is of another type"),
        found.stream().map(Diagnostic::summary).toList());
  }

  @Test
  void validate_operationsThatThereAreNot_areRefused() {
    List<Diagnostic> found = findings("""
        rules:
          - {name: a, operations: [isue], require: "true"}
          - {name: b, operations: [], require: "true"}
          - {name: c, over: plan, operations: [issue], require: "true"}
        """);
    assertEquals(
        List.of(
            "there is no operation \"isue\"",
            "the rule is asked about nothing",
            "a rule over the plan is asked once, whatever the operations"),
        found.stream().map(Diagnostic::summary).toList());
  }

  @Test
  void validate_foldedExpression_isToldInItsOwnLine() {
    List<Diagnostic> found = findings("""
        rules:
          - name: r
            require: >-
              change.kind == "Grant"
              && change.tlt < days(1)
        """);
    assertEquals(
        "trustpolicy-p.yaml:9:19", found.getFirst().position().orElseThrow().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"5000 | x", "100 | ((", "900 | [1,"})
  void validate_tooLongOrTooDeep_isRefused(int times, String part) {
    String text = part.equals("x") ? "'" + part.repeat(times) + "' == 'x'" : part.repeat(times);
    List<Diagnostic> found = findings("rules:\n  - {name: r, require: \"" + text + "\"}");
    assertEquals(List.of("DV251"), found.stream().map(Diagnostic::code).toList(), found.toString());
  }

  @Test
  void validate_manyLongPolicies_areRefusedUnread() {
    String rule = "  - {name: r%d, require: \"'" + "x".repeat(4000) + "' == 'x'\"}\n";
    StringBuilder rules = new StringBuilder("rules:\n");
    for (int i = 0; i < 70; i++) {
      rules.append(rule.formatted(i));
    }
    assertEquals(
        List.of("the policies are too long"),
        findings(rules.toString()).stream().map(Diagnostic::summary).toList());
  }

  @Test
  void validate_enforceThatCannotBe_isRefused() {
    List<Diagnostic> found = findings("""
        enforce: {longestTtl: {Grnt: 15m, Grant: 0s}, kinds: [Tokn], keyTypes: [RSA 4096], paths: [etc], pths: []}
        """);
    assertEquals(
        List.of(
            "no entry is of kind \"Grnt\"",
            "\"Grant\" is out of range",
            "no entry is of kind \"Tokn\"",
            "not a type of key: \"RSA 4096\"",
            "not a plain absolute folder: \"etc\"",
            "unknown field \"pths\""),
        found.stream().map(Diagnostic::summary).toList());
  }

  @Test
  void validate_policiesThatLeaveNothing_areRefused() {
    TestVault vault = TestVault.in(folder)
        .object("TrustPolicy", "a", "enforce: {kinds: [Grant]}")
        .object("TrustPolicy", "b", "enforce: {kinds: [Token]}");
    assertEquals(
        List.of("DV257"), vault.findings().stream().map(Diagnostic::code).toList());
  }

  @Test
  void validate_policyThatSaysNothing_isRefused() {
    assertEquals(
        List.of("DV252"),
        findings("variables: []").stream().map(Diagnostic::code).toList());
  }
}
