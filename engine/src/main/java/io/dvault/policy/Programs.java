package io.dvault.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.validator.CelValidator;
import dev.cel.validator.CelValidatorFactory;
import dev.cel.validator.validators.AstDepthLimitValidator;
import dev.cel.validator.validators.DurationLiteralValidator;
import dev.cel.validator.validators.RegexLiteralValidator;
import dev.cel.validator.validators.TimestampLiteralValidator;
import io.dvault.yaml.Findings;
import io.dvault.yaml.SourceText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns texts into checked programs, for one set of names: standard CEL, and {@code days(n)}.
 * Nothing that a policy says
 * can make that, or a run, last without bound: lengths, nesting and the number of steps in loops are limited.
 */
final class Programs {
  /** Characters of one expression. */
  static final int LONGEST = 4_096;

  /** Steps of all loops in one evaluation. */
  static final int MOST_STEPS = 1_000_000;

  private static final int DEEPEST = 40;
  private static final int MOST_NODES = 1_000;

  @SuppressWarnings("deprecation") // what it says is the default of versions to come
  private static final CelOptions OPTIONS = CelOptions.current()
      .evaluateCanonicalTypesToNativeValues(true)
      .maxExpressionCodePointSize(LONGEST)
      .maxParseRecursionDepth(DEEPEST)
      .maxParseExpressionNodeCount(MOST_NODES)
      .comprehensionMaxIterations(MOST_STEPS)
      .enableHiddenAccumulatorVar(true)
      .build();

  private static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder()
      .setOptions(OPTIONS)
      .addFunctionBindings(CelFunctionBinding.from("days_int", Long.class, Duration::ofDays))
      .build();

  private static final Struct NONE = new Struct("Variables", List.of());

  private final Map<String, CelType> names;
  private Struct variables = NONE;
  private final CelCompiler compiler;
  private final CelValidator validator;

  /** @param names what an expression may refer to, beside {@code variables} */
  Programs(Map<String, CelType> names) {
    this.names = new LinkedHashMap<>(names);
    this.names.put("variables", NONE.reference());
    CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
        .setOptions(OPTIONS)
        .setTypeProvider(Vocabulary.types(() -> variables))
        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
        .addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
            "days",
            CelOverloadDecl.newGlobalOverload("days_int", SimpleType.DURATION, SimpleType.INT)));
    this.names.forEach(builder::addVar);
    this.compiler = builder.build();
    this.validator = CelValidatorFactory.standardCelValidatorBuilder(compiler, RUNTIME)
        .addAstValidators(
            AstDepthLimitValidator.DEFAULT,
            DurationLiteralValidator.INSTANCE,
            TimestampLiteralValidator.INSTANCE,
            RegexLiteralValidator.INSTANCE)
        .build();
  }

  /** What {@code variables} has from here on: those of one policy, so far. */
  void define(Map<String, Program> known) {
    variables = new Struct(
        NONE.name(),
        known.entrySet().stream()
            .map(each -> new Field(each.getKey(), each.getValue().type(), ""))
            .toList());
  }

  /** A checked expression, ready to run. */
  record Program(SourceText source, CelType type, CelRuntime.Program code) {
    Object run(Map<String, Object> values) throws CelEvaluationException {
      return code.eval(values);
    }
  }

  /** @param wanted its type; {@code dyn} takes any */
  Optional<Program> compile(SourceText source, CelType wanted, Findings findings) {
    PolicyFindings issues = new PolicyFindings(source, names, variables, findings);
    CelValidationResult parsed = compiler.compile(source.text());
    if (parsed.hasError()) {
      issues.tell(parsed.getErrors());
      return Optional.empty();
    }
    try {
      CelAbstractSyntaxTree tree = parsed.getAst();
      List<CelIssue> literals = validator.validate(tree).getErrors();
      if (!literals.isEmpty()) {
        issues.tell(literals);
        return Optional.empty();
      }
      CelType type = tree.getResultType();
      if (!wanted.equals(SimpleType.DYN) && !type.equals(SimpleType.DYN) && !type.equals(wanted)) {
        issues.wrongType(type, wanted);
        return Optional.empty();
      }
      return Optional.of(new Program(source, type, RUNTIME.createProgram(tree)));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException("a checked expression cannot be run: " + source.text(), e);
    }
  }
}
