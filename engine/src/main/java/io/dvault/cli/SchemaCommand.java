package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.Terminal;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Quantities;
import io.dvault.model.Spelling;
import io.dvault.schema.SchemaReference;
import io.dvault.schema.Schemas;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "schema",
    description =
        "Print the JSON Schema of a kind or of agent.yaml, or write all of them for an editor.",
    footer = {
      "",
      "Examples:",
      "  dvault schema                          list the schemas",
      "  dvault schema Grant                    print one schema",
      "  dvault schema Grant -markdown          print its fields as Markdown",
      "  dvault schema -out .dvault/schemas     write them where the vault's files expect them"
    })
final class SchemaCommand implements Callable<Integer> {
  private final CommandContext context;

  /** What a shell offers. */
  static final class Subjects implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Schemas.subjects().keySet().iterator();
    }
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "KIND",
      completionCandidates = Subjects.class,
      description = "Kind, or agent.yaml. Default: list all.")
  String kind = "";

  @Option(names = "--out", paramLabel = "FOLDER", description = "Write all schemas to this folder.")
  String out = "";

  @Option(names = "--markdown", description = "Print the fields as Markdown.")
  boolean markdown;

  SchemaCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Terminal terminal = context.terminal();
    if (!out.isEmpty()) {
      Schemas.write(context.resolve(out));
      terminal.println(
          Quantities.count(Schemas.subjects().size() + 1L, "schema") + " in " + out + ".");
    } else if (kind.isEmpty()) {
      Schemas.subjects().keySet().forEach(terminal::println);
    } else {
      String file = Schemas.subjects().get(kind);
      if (file == null) {
        throw new DiagnosticException(unknown());
      }
      terminal.out().print(markdown ? SchemaReference.of(kind) : Schemas.text(file));
    }
    return ExitCode.OK;
  }

  private Diagnostic unknown() {
    Diagnostic unknown = Diagnostic.error(
        "DV904",
        "there is no schema of kind \"" + kind + "\"",
        "Kinds: " + String.join(", ", Schemas.subjects().keySet()) + ".");
    return Spelling.nearest(kind, Schemas.subjects().keySet())
        .map(near -> unknown.hinting("did you mean " + near + "?"))
        .orElse(unknown);
  }
}
