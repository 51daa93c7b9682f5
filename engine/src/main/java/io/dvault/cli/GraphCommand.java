package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.graph.Dot;
import io.dvault.graph.FleetGraph;
import io.dvault.graph.Mermaid;
import io.dvault.graph.Svg;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.workflow.Workspace;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "graph",
    description = {
      "Print authorities, secrets and devices as a graph. Works offline.",
      "More than four devices with identical content become one node."
    },
    footer = {
      "",
      "Examples:",
      "  dvault graph | dot -Tpdf > fleet.pdf",
      "  dvault graph -format mermaid           for Markdown on GitHub and GitLab",
      "  dvault graph -format svg > fleet.svg   no other program needed",
      "  dvault graph -fold 1                   one node for all identical devices"
    })
final class GraphCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--format", paramLabel = "dot|mermaid|svg", description = "Default: dot.")
  String format = "dot";

  @Option(
      names = "--fold",
      paramLabel = "N",
      description = "Fold identical devices into one node if there are more than this. Default: 4.")
  int fold = 4;

  @Mixin
  RefOption ref = new RefOption();

  GraphCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (fold < 1) {
      throw new DiagnosticException(
          Diagnostic.error("DV904", "--fold cannot be \"" + fold + "\"", "Use 1 or more."));
    }
    if (!format.matches("dot|mermaid|svg")) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904", "--format cannot be \"" + format + "\"", "It is one of: dot, mermaid, svg."));
    }
    FleetGraph graph =
        FleetGraph.of(Workspace.open(context.run(), ref.revision()).desired(), fold);
    context
        .terminal()
        .out()
        .print(
            switch (format) {
              case "mermaid" -> Mermaid.write(graph);
              case "svg" -> Svg.write(graph);
              default -> Dot.write(graph);
            });
    return ExitCode.OK;
  }
}
