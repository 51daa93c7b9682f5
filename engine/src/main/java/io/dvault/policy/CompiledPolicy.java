package io.dvault.policy;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.dvault.desired.PolicyDeclaration;
import io.dvault.desired.PolicyDeclaration.Over;
import io.dvault.desired.PolicyDeclaration.Rule;
import io.dvault.desired.PolicyDeclaration.Variable;
import io.dvault.policy.Programs.Program;
import io.dvault.yaml.Findings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A policy with its expressions checked.
 *
 * @param variables of rules over a change, in order
 * @param planVariables of rules over the plan: those that look at no change
 */
record CompiledPolicy(
    PolicyDeclaration declaration,
    Map<String, Program> variables,
    Map<String, Program> planVariables,
    List<CompiledRule> rules) {

  /** A rule with its expressions checked. */
  record CompiledRule(
      Rule rule, Optional<Program> when, Program require, Optional<Program> messageExpression) {}

  /** Checks policies one after the other, in the one environment that rules of each sort have. */
  static final class Compiler {
    private static final Map<String, CelType> OVER_PLAN = Map.of(
        "plan",
        Vocabulary.PLAN.reference(),
        "vault",
        Vocabulary.VAULT.reference(),
        "now",
        SimpleType.TIMESTAMP);
    private static final Map<String, CelType> OVER_CHANGE = Map.of(
        "change",
        Vocabulary.CHANGE.reference(),
        "plan",
        Vocabulary.PLAN.reference(),
        "vault",
        Vocabulary.VAULT.reference(),
        "now",
        SimpleType.TIMESTAMP);

    private final Programs overChange = new Programs(OVER_CHANGE);
    private final Programs overPlan = new Programs(OVER_PLAN);

    CompiledPolicy compile(PolicyDeclaration declaration, Findings findings) {
      Map<String, Program> variables = variables(declaration, overChange, findings);
      Map<String, Program> planVariables = variables(declaration, overPlan, new Findings());
      List<CompiledRule> rules = new ArrayList<>();
      for (Rule rule : declaration.rules()) {
        Programs programs = rule.over() == Over.CHANGE ? overChange : overPlan;
        Optional<Program> when =
            rule.when().flatMap(text -> programs.compile(text, SimpleType.BOOL, findings));
        Optional<Program> require = programs.compile(rule.require(), SimpleType.BOOL, findings);
        Optional<Program> message = rule.messageExpression()
            .flatMap(text -> programs.compile(text, SimpleType.STRING, findings));
        require.ifPresent(program -> rules.add(new CompiledRule(rule, when, program, message)));
      }
      return new CompiledPolicy(declaration, variables, planVariables, rules);
    }

    /** Each may use those before it. Those that cannot be compiled are left out. */
    private static Map<String, Program> variables(
        PolicyDeclaration declaration, Programs programs, Findings findings) {
      Map<String, Program> known = new LinkedHashMap<>();
      programs.define(known);
      for (Variable variable : declaration.variables()) {
        programs
            .compile(variable.expression(), SimpleType.DYN, findings)
            .ifPresent(program -> known.put(variable.name(), program));
        programs.define(known);
      }
      return known;
    }
  }
}
