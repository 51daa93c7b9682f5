package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.DiagnosticJson;
import io.dvault.cli.view.DiagnosticPrinter;
import io.dvault.config.TrackedSecrets;
import io.dvault.desired.DesiredState;
import io.dvault.git.RepositoryView;
import io.dvault.git.VaultRepository;
import io.dvault.model.Diagnostic;
import io.dvault.model.Diagnostic.Severity;
import io.dvault.model.Quantities;
import io.dvault.schema.Schemas;
import io.dvault.workflow.Enrolments;
import io.dvault.workflow.Workspace;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlReader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "validate",
    description =
        "Check every YAML file in the repository. Works offline and reports all findings in one run.",
    footer = {
      "",
      "Examples:",
      "  dvault validate",
      "  dvault --chdir examples/ssh-drones validate -json",
      "  dvault validate -ref origin/main"
    })
final class ValidateCommand implements Callable<Integer> {
  static final int FORMAT_VERSION = 1;

  private final CommandContext context;

  @Option(names = "--json", description = "Print findings as JSON.")
  boolean json;

  @Mixin
  RefOption ref = new RefOption();

  ValidateCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Workspace workspace = Workspace.open(context.run(), ref.revision());
    RepositoryView view = workspace.view();
    Findings findings = new Findings();
    Optional<DesiredState> read = workspace.read(findings);
    read.ifPresent(state -> state
        .vault()
        .id()
        .ifPresent(
            vault -> Enrolments.faults(vault, state.devices().values()).forEach(findings::add)));
    if (!findings.hasErrors()) { // the parser says it better
      view.yaml().parallelStream()
          .forEach(file -> YamlReader.read(file.path(), file.content(), new Findings())
              .forEach(document -> Schemas.check().check(document, findings)));
    }
    try (VaultRepository repository = workspace.repository()) {
      TrackedSecrets.find(
          repository.others(ref.revision().isPresent() ? view.commit() : ""), findings);
    }
    Optional<DesiredState> desired = findings.hasErrors() ? Optional.empty() : read;
    List<Diagnostic> sorted = findings.sorted();
    int files = view.yaml().size();
    if (json) {
      context.terminal().println(json(sorted, files, desired).toPrettyString());
    } else {
      new DiagnosticPrinter(context.terminal()).print(sorted);
      context.terminal().println(verdict(sorted, files, desired));
    }
    return findings.hasErrors() ? ExitCode.FAILED : ExitCode.OK;
  }

  private static String verdict(
      List<Diagnostic> findings, int files, Optional<DesiredState> desired) {
    String tally = DiagnosticPrinter.tally(findings);
    String what = Character.toUpperCase(tally.charAt(0)) + tally.substring(1) + " in "
        + Quantities.count(files, "file");
    return what
        + desired
            .map(state -> ": " + Quantities.count(state.devices().size(), "device") + ", "
                + Quantities.number(state.entries().size())
                + (state.entries().size() == 1 ? " entry" : " entries"))
            .orElse("")
        + ".";
  }

  private static ObjectNode json(
      List<Diagnostic> findings, int files, Optional<DesiredState> desired) {
    ObjectNode node = DiagnosticJson.MAPPER.createObjectNode();
    long errors =
        findings.stream().filter(each -> each.severity() == Severity.ERROR).count();
    node.put("format_version", FORMAT_VERSION);
    node.put("valid", errors == 0);
    node.put("errors", errors);
    node.put("warnings", findings.size() - errors);
    node.put("files", files);
    desired.ifPresent(state -> {
      node.put("devices", state.devices().size());
      node.put("entries", state.entries().size());
    });
    ArrayNode array = node.putArray("diagnostics");
    findings.forEach(each -> array.add(DiagnosticJson.write(each)));
    return node;
  }
}
