package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.JunitReport;
import io.dvault.cli.view.PolicyJson;
import io.dvault.cli.view.Terminal.Style;
import io.dvault.config.ConfigReader;
import io.dvault.git.RepositoryView;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Quantities;
import io.dvault.policy.PolicyCase;
import io.dvault.workflow.Workspace;
import io.dvault.yaml.Findings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "test",
    description =
        "Run the cases of kind PolicyTest against the trust policies. Works offline and needs no vault.",
    footer = {
      "",
      "Examples:",
      "  dvault policy test",
      "  dvault policy test policies/tests",
      "  dvault policy test -junit report.xml",
      "  dvault policy test -json | jq .failed"
    })
final class PolicyTestCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      description = "Run only the cases in this file or folder.")
  String folder = "";

  @Option(names = "--json", description = "Print the result as JSON.")
  boolean json;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Also write the result as JUnit XML, for CI.")
  String junit = "";

  @Mixin
  RefOption ref = new RefOption();

  PolicyTestCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Workspace workspace = Workspace.open(context.run(), ref.revision());
    Findings findings = new Findings();
    ConfigReader.readPolicies(
        workspace.view(), workspace.plugins(), findings, workspace.policies());
    if (findings.hasErrors()) {
      throw new DiagnosticException(findings.sorted());
    }
    List<PolicyCase> cases = workspace.policies().cases().stream()
        .filter(each -> isChosen(each, workspace.view()))
        .toList();
    if (cases.isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV259",
          "no test cases",
          folder.isEmpty()
              ? "There is no document of kind PolicyTest here."
              : "There is no document of kind PolicyTest in " + folder + ".",
          "Write one in policies/tests; see docs/policy.md."));
    }
    List<PolicyCase.Result> results =
        cases.stream().map(workspace.policies()::run).toList();
    if (!junit.isEmpty()) {
      JunitReport.write(context.resolve(junit), results);
    }
    if (json) {
      context.terminal().println(PolicyJson.write(results).toPrettyString());
    } else {
      print(results);
    }
    return results.stream().allMatch(PolicyCase.Result::passed) ? ExitCode.OK : ExitCode.FAILED;
  }

  private boolean isChosen(PolicyCase each, RepositoryView view) {
    Path file = view.root().resolve(each.position().file());
    return folder.isEmpty() || file.startsWith(context.resolve(folder));
  }

  private void print(List<PolicyCase.Result> results) {
    results.stream()
        .collect(Collectors.groupingBy(
            each -> each.of().position().file(), LinkedHashMap::new, Collectors.toList()))
        .forEach((file, inFile) -> {
          context.terminal().println(file);
          inFile.forEach(this::print);
          context.terminal().println("");
        });
    long failed = results.stream().filter(each -> !each.passed()).count();
    context
        .terminal()
        .println(
            failed == 0
                ? Quantities.count(results.size(), "case")
                    + (results.size() == 1 ? " passes." : " pass.")
                : Quantities.number(failed) + " of " + Quantities.count(results.size(), "case")
                    + (failed == 1 ? " fails." : " fail."));
  }

  private void print(PolicyCase.Result result) {
    if (result.passed()) {
      context
          .terminal()
          .println("  " + context.terminal().style(Style.GREEN, "✓") + " "
              + result.of().name());
      return;
    }
    context
        .terminal()
        .println("  " + context.terminal().style(Style.RED, "✗") + " "
            + result.of().name() + "  (" + result.of().position() + ")");
    Function<String, String> wide = text -> text + " ".repeat(Math.max(2, 42 - text.length()));
    result.agreed().forEach(line -> context.terminal().println("        " + line));
    result
        .missing()
        .forEach(line -> context
            .terminal()
            .println("      " + context.terminal().style(Style.RED, "-") + " " + wide.apply(line)
                + "expected, and did not happen"));
    result
        .surplus()
        .forEach((line, message) -> context
            .terminal()
            .println("      " + context.terminal().style(Style.GREEN, "+") + " " + wide.apply(line)
                + "not expected: " + message));
  }
}
