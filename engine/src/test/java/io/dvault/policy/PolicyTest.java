package io.dvault.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.config.ConfigReader;
import io.dvault.config.TestVault;
import io.dvault.desired.DesiredState;
import io.dvault.model.Diagnostic;
import io.dvault.plan.Plan;
import io.dvault.plan.Scenario;
import io.dvault.yaml.Findings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules over real plans of real repositories. */
@Tag("P10")
class PolicyTest {
  @TempDir
  Path folder;

  private TestVault vault;

  @BeforeEach
  void fleet() {
    vault = TestVault.in(folder)
        .device("drone-1", "role: drone, site: berlin")
        .device("drone-2", "role: drone")
        .authority("fleet-ssh", 1)
        .hostCertificate("host", "{selector: {role: drone}}", "7d", "2d")
        .grant("alice", "{names: [drone-1]}", "30m", "INC-4711");
  }

  private PolicyTest policy(String spec) {
    vault.object("TrustPolicy", "p", spec);
    return this;
  }

  private PolicyReport evaluate() {
    return evaluate(new Policies());
  }

  private PolicyReport evaluate(Policies policies) {
    Findings findings = new Findings();
    DesiredState desired = ConfigReader.read(vault.view(), TestVault.plugins(), findings, policies)
        .orElseThrow(() -> new AssertionError(findings.sorted()));
    Plan plan = new Scenario(vault).plan();
    return policies.evaluate(plan, desired, TestVault.plugins().entryKinds());
  }

  private static List<String> lines(PolicyReport report) {
    return report.violations().stream()
        .map(each -> PolicyCase.line(each.action(), each.name()) + " " + each.changes() + ": "
            + each.message())
        .toList();
  }

  @Test
  void evaluate_noPolicies_saysNothingAndLoadsNoCel() {
    assertEquals(PolicyReport.NONE, evaluate());
  }

  @Test
  void evaluate_ruleThatHolds_passes() {
    PolicyReport report =
        policy("rules: [{name: r, require: change.ttl <= days(7)}]").evaluate();
    assertEquals(List.of(), lines(report));
    assertEquals("1 rule passed.", report.summary());
    assertFalse(report.denied());
  }

  @Test
  void evaluate_ruleThatDoesNotHold_namesRuleMessageChangesAndPlace() {
    PolicyReport report = policy("""
        rules:
          - {name: short, when: 'change.kind == "Grant"', require: 'change.ttl <= duration("15m")', message: too long}
        """).evaluate();
    assertEquals(List.of("deny p/short [Grant/alice@drone-1]: too long"), lines(report));
    assertTrue(report.denied());
    assertEquals("1 of 1 rule denies.", report.summary());
    Diagnostic told = report.denials().getFirst();
    assertEquals("denied by p/short", told.summary());
    assertEquals("trustpolicy-p.yaml:6:63", told.position().orElseThrow().toString());
    assertEquals("Grant/alice@drone-1", told.subject());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "change.action == 'issue' && change.reason == 'not-issued' && change.generation == 1",
        "change.device.name.startsWith('drone-') && change.device.labels.role == 'drone'",
        "change.kind != 'Grant' || change.account == 'ops' && change.once && change.keyType == 'ssh-ed25519'",
        "change.kind != 'Grant' || change.spec.reason == 'INC-4711' && change.spec.ttl == 1800",
        "change.kind != 'Grant' || change.address == 'Grant/alice@drone-1' && change.renewBefore == duration('0s')",
        "change.kind != 'SshCertificate' || change.authority == 'fleet-ssh' && change.renewBefore == days(2)",
        "change.kind != 'SshCertificate' || change.principals == [change.device.name + '.fleet.example']",
        "change.kind != 'SshCertificate' || change.install.path == '/etc/ssh/dvault'",
        "change.kind != 'SshCertificate' || change.install.action == 'reload-sshd'",
        "change.kind != 'SshCertificate' || change.spec.type == 'host' && change.keyType == 'ssh-ed25519'",
        "!change.protect && change.install.owner == ''",
        "plan.issues == 3 && plan.rotations == 0 && plan.revocations == 0 && plan.keeps == 0 && plan.epoch == 0",
        "plan.changes.filter(c, c.kind == 'Grant').size() == 1 && plan.changes.exists_one(c, c == change)",
        "plan.authorities.all(a, a.name == 'fleet-ssh' && a.to == 'active' && a.from == '' && a.generation == 1)",
        "plan.authorities.size() == 1 && !plan.rulesChange && !plan.repository.clean && plan.repository.commit == ''",
        "vault.name == 'fleet' && vault.threshold == 1 && vault.approvers == ['ops'] && vault.chain == 31337",
        "vault.devices == 2 && vault.entries == 3 && vault.id.matches('^0x[0-9a-f]{64}$')",
        "now == timestamp('2026-11-22T20:00:00Z') && now.getDayOfWeek('Europe/Berlin') == 0",
        "'site' in change.device.labels ? change.device.labels.site == 'berlin' : !has(change.device.labels.site)"
      })
  void evaluate_everyFact_isWhatThePlanSays(String expression) {
    policy("rules: [{name: r, require: \"" + expression + "\"}]");
    assertEquals(List.of(), lines(evaluate()));
  }

  @Test
  void evaluate_overThePlan_isAskedOnce() {
    PolicyReport report = policy(
            "rules: [{name: few, over: plan, require: plan.issues < 3, action: warn}]")
        .evaluate();
    assertEquals(List.of("warn p/few []: does not hold: plan.issues < 3"), lines(report));
    assertFalse(report.denied());
    assertEquals("1 of 1 rule warns.", report.summary());
  }

  @Test
  void evaluate_manyChanges_areToldTogetherByMessage() {
    PolicyReport report = policy("""
        rules:
          - name: r
            require: 'change.kind == "x"'
            messageExpression: '"no " + change.kind'
        """).evaluate();
    assertEquals(
        List.of(
            "deny p/r [Grant/alice@drone-1]: no Grant",
            "deny p/r [SshCertificate/host@drone-1, SshCertificate/host@drone-2]: no SshCertificate"),
        lines(report));
    assertEquals("1 of 1 rule denies.", report.summary());
  }

  @Test
  void evaluate_variables_areComputedFromThoseBefore() {
    PolicyReport report = policy("""
        variables:
          - {name: access, expression: 'change.kind == "Grant"'}
          - {name: short, expression: '!variables.access || change.ttl < duration("15m")'}
          - {name: grants, expression: 'plan.changes.filter(c, c.kind == "Grant")'}
        rules:
          - {name: short, require: variables.short}
          - {name: one, over: plan, require: variables.grants.size() == 1}
        """).evaluate();
    assertEquals(
        List.of("deny p/short [Grant/alice@drone-1]: does not hold: variables.short"),
        lines(report));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "change.device.labels.site == 'berlin' | key 'site' is not present in map",
        "1 / (change.generation - 1) == 0      | / by zero",
        "change.principals[9] == 'x'           | Index out of bounds: 9",
        "int(change.name) == 1                 | For input string: \"alice\"",
        "dyn(change.name)                      | it gave String, not true or false"
      })
  void evaluate_ruleThatFails_denies(String expression, String why) {
    PolicyReport report =
        policy("rules: [{name: r, require: \"" + expression + "\"}]").evaluate();
    assertTrue(report.denied());
    assertTrue(
        report.denials().stream().allMatch(each -> each.code().equals("DV256")), report.toString());
    assertTrue(lines(report).toString().contains(why), () -> lines(report).toString());
  }

  @Test
  void evaluate_warningRuleThatFails_warns() {
    PolicyReport report = policy(
            "rules: [{name: r, action: warn, require: change.device.labels.site == 'berlin'}]")
        .evaluate();
    assertFalse(report.denied());
    assertEquals(
        List.of("DV256"), report.warnings().stream().map(Diagnostic::code).toList());
    assertEquals(Diagnostic.Severity.WARNING, report.warnings().getFirst().severity());
  }

  @Test
  void evaluate_messageThatFails_leavesTheFixedOne() {
    PolicyReport report = policy("""
        rules: [{name: r, over: plan, require: "false", message: fixed, messageExpression: string(1 / 0)}]
        """).evaluate();
    assertEquals(List.of("deny p/r []: fixed"), lines(report));
  }

  @Test
  @Timeout(60)
  void evaluate_loopsWithoutEnd_endWithTheBudgetOfSteps() {
    String loop = "[1,2,3,4,5,6,7,8,9,10]";
    policy("""
        rules:
          - name: r
            over: plan
            require: "%s"
        """.formatted(nested(loop, 7)));
    PolicyReport report = evaluate();
    assertTrue(report.denied());
    assertTrue(
        lines(report).getFirst().contains("Iteration budget exceeded"),
        () -> lines(report).toString());
  }

  private static String nested(String list, int depth) {
    return depth == 0 ? "true" : list + ".all(x" + depth + ", " + nested(list, depth - 1) + ")";
  }

  @Test
  @Timeout(60)
  void evaluate_longerThanTheLimit_isGivenUpAndDenies() {
    policy("rules: [{name: slow, over: plan, require: \"" + nested("[1,2,3,4,5,6,7,8,9,10]", 5)
        + " && true\"}]");
    PolicyReport report = evaluate(new Policies(Duration.ZERO));
    assertEquals(
        List.of("DV260"), report.denials().stream().map(Diagnostic::code).toList());
  }

  @Test
  @Timeout(60)
  void evaluate_textThatDoublesAndDoubles_isRefusedAndTheRunGoesOn() {
    StringBuilder spec =
        new StringBuilder("variables:\n  - {name: v0, expression: '\"0123456789\"'}\n");
    for (int i = 1; i <= 40; i++) {
      spec.append("  - {name: v%d, expression: variables.v%d + variables.v%d}\n"
          .formatted(i, i - 1, i - 1));
    }
    spec.append("rules:\n  - {name: bomb, over: plan, require: variables.v40.size() > 1}\n"
        + "  - {name: sane, over: plan, require: plan.issues == 99, message: still asked}\n");
    PolicyReport report = policy(spec.toString()).evaluate();
    assertTrue(
        lines(report).getFirst().startsWith("deny p/bomb"), () -> lines(report).toString());
    assertEquals("deny p/sane []: still asked", lines(report).getLast());
  }

  private static final String HOSTS =
      "deny p/enforce [SshCertificate/host@drone-1, SshCertificate/host@drone-2]: ";

  @Test
  void enforce_entryThatDevicesWouldRefuse_isDenied() {
    PolicyReport report = policy("""
        enforce: {longestTtl: {Grant: 15m}, paths: [/etc/app], keyTypes: [ecdsa-sha2-nistp256]}
        """).evaluate();
    assertEquals(
        List.of(
            "deny p/enforce [Grant/alice@drone-1]: it lives 30m; devices take a Grant for 15m at most",
            HOSTS + "devices take no key of type ssh-ed25519"),
        lines(report));
    assertEquals("1 of 1 rule denies.", report.summary());
  }

  @Test
  void enforce_kindsAndPaths_areHeldToo() {
    assertEquals(
        List.of(HOSTS + "devices take no SshCertificate"),
        lines(policy("enforce: {kinds: [Grant]}").evaluate()));
    assertEquals(
        List.of(HOSTS + "devices take no files in /etc/ssh/dvault"),
        lines(policy("enforce: {paths: [/etc/ssh/other]}").evaluate()));
    assertEquals(List.of(), lines(policy("enforce: {paths: [/etc/ssh]}").evaluate()));
  }
}
