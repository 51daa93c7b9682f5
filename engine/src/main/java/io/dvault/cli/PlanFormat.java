package io.dvault.cli;

import io.dvault.cli.view.DiagnosticJson;
import io.dvault.cli.view.PlanVerdict;
import io.dvault.cli.view.PolicyJson;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Quantities;
import io.dvault.plan.PlanJson;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** In which form a plan is printed. */
final class PlanFormat {
  private static final int LEAST = 2_000;

  @Option(names = "--json", description = "Print the plan as one JSON document (format_version 1).")
  boolean json;

  @Option(
      names = "--events",
      description = "Print JSON events, one per line, as `tofu plan -json` does.")
  boolean events;

  @Option(
      names = "--markdown",
      description = "Print Markdown for a pull request, shortened to fit a comment.")
  boolean markdown;

  @Option(
      names = "--max-size",
      paramLabel = "BYTES",
      description =
          "Maximum size of --markdown in bytes. Default: 65536, the limit of GitHub; GitLab allows 1000000.")
  int maxSize = 65_536;

  /** Throws DV903 or DV904 for what does not go together. */
  void check() {
    if ((json ? 1 : 0) + (events ? 1 : 0) + (markdown ? 1 : 0) > 1) {
      throw new DiagnosticException(Diagnostic.error(
          "DV903", "conflicting output options", "Use one of --json, --events and --markdown."));
    }
    if (maxSize < LEAST) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904",
          "--max-size cannot be \"" + maxSize + "\"",
          "Use at least " + Quantities.number(LEAST) + "."));
    }
  }

  static ObjectNode document(PlanVerdict verdict) {
    ObjectNode node = PlanJson.write(verdict.plan());
    node.set(
        "policy",
        PolicyJson.write(verdict.planning().policy(), verdict.planning().history()));
    ArrayNode warnings = node.putArray("warnings");
    verdict.plan().warnings().forEach(each -> warnings.add(DiagnosticJson.write(each)));
    ArrayNode refused = node.putArray("refused");
    verdict.refusals().forEach(each -> refused.add(DiagnosticJson.write(each)));
    node.put("verdict", verdict.word());
    return node;
  }
}
