package io.dvault.policy;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.dvault.config.PolicyDeclaration.Over;
import io.dvault.config.PolicyDeclaration.Rule;
import io.dvault.config.PolicyDeclaration.Variable;
import io.dvault.config.PolicyDeclaration;
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

  static CompiledPolicy of(PolicyDeclaration declaration, Findings findings) {
    Map<String, CelType> planNames = new LinkedHashMap<>();
    planNames.put("plan", Vocabulary.PLAN.reference());
    planNames.put("vault", Vocabulary.VAULT.reference());
    planNames.put("now", SimpleType.TIMESTAMP);
    Map<String, CelType> names = new LinkedHashMap<>(planNames);
    names.put("change", Vocabulary.CHANGE.reference());
    Map<String, Program> variables = variables(declaration, names, findings);
    Map<String, Program> planVariables = variables(declaration, planNames, new Findings());
    Programs overChange = new Programs(names, struct(variables));
    Programs overPlan = new Programs(planNames, struct(planVariables));
    List<CompiledRule> rules = new ArrayList<>();
    for (Rule rule : declaration.rules()) {
      Programs programs = rule.over() == Over.CHANGE ? overChange : overPlan;
      Optional<Program> when = rule.when().flatMap(text -> programs.compile(text, SimpleType.BOOL, findings));
      Optional<Program> require = programs.compile(rule.require(), SimpleType.BOOL, findings);
      Optional<Program> message =
          rule.messageExpression().flatMap(text -> programs.compile(text, SimpleType.STRING, findings));
      require.ifPresent(program -> rules.add(new CompiledRule(rule, when, program, message)));
    }
    return new CompiledPolicy(declaration, variables, planVariables, rules);
  }

  /** Each may use those before it. Those that cannot be compiled are left out. */
  private static Map<String, Program> variables(
      PolicyDeclaration declaration, Map<String, CelType> names, Findings findings) {
    Map<String, Program> known = new LinkedHashMap<>();
    for (Variable variable : declaration.variables()) {
      new Programs(names, struct(known)).compile(variable.expression(), SimpleType.DYN, findings)
          .ifPresent(program -> known.put(variable.name(), program));
    }
    return known;
  }

  private static Struct struct(Map<String, Program> variables) {
    return new Struct("Variables", variables.entrySet().stream()
        .map(each -> new Field(each.getKey(), each.getValue().type(), "")).toList());
  }
}
