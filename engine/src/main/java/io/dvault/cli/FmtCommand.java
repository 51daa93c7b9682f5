package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.DiagnosticPrinter;
import io.dvault.git.UnifiedDiff;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.workflow.YamlFiles;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "fmt",
    description = {
      "Format YAML files. Keeps comments and never changes the meaning.",
      "Prints the names of changed files."
    },
    footer = {
      "",
      "Examples:",
      "  dvault fmt                          the YAML files of this folder",
      "  dvault fmt -recursive               and of all subfolders",
      "  dvault fmt -check -recursive        check only; exit with 3 if a file is not formatted",
      "  dvault fmt -diff -write=false vault.yaml",
      "  dvault fmt -                        standard input to standard output"
    })
final class FmtCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  private final CommandContext context;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE|FOLDER|-",
      description = "Files or folders to format. Default: this folder.")
  List<String> words = new ArrayList<>();

  @Option(names = "--check", description = "Check only; exit with 3 if a file is not formatted.")
  boolean check;

  @Option(names = "--diff", description = "Show the changes.")
  boolean diff;

  @Option(names = "--recursive", description = "Include subfolders.")
  boolean recursive;

  @Option(
      names = "--list",
      paramLabel = "false",
      arity = "0..1",
      fallbackValue = "true",
      description = "Print the names of changed files. Default: true.")
  boolean list = true;

  @Option(
      names = "--write",
      paramLabel = "false",
      arity = "0..1",
      fallbackValue = "true",
      description = "Write the files. Default: true.")
  boolean write = true;

  FmtCommand(CommandContext context) {
    this.context = context;
  }

  /** A file and the text that it should have. */
  private record Pending(Path file, String name, String before, String after) {}

  @Override
  public Integer call() {
    Findings findings = new Findings();
    if (words.contains(STANDARD_INPUT)) {
      return standardInput(findings);
    }
    LinkedHashSet<Path> files = new LinkedHashSet<>();
    (words.isEmpty() ? List.of(".") : words)
        .forEach(word -> files.addAll(YamlFiles.named(context.run(), word, recursive)));
    List<Pending> pending = new ArrayList<>();
    files.forEach(file -> look(file, findings).ifPresent(pending::add));
    pending.forEach(this::tell);
    if (write && !check) {
      pending.forEach(
          each -> YamlFiles.replace(each.file(), each.after().getBytes(StandardCharsets.UTF_8)));
    }
    new DiagnosticPrinter(context.terminal()).print(findings.sorted());
    return findings.hasErrors()
        ? ExitCode.FAILED
        : check && !pending.isEmpty() ? ExitCode.UNFORMATTED : ExitCode.OK;
  }

  private Optional<Pending> look(Path file, Findings findings) {
    String name = context.directory().relativize(file).toString();
    byte[] content = YamlFiles.read(file);
    return YamlFormat.format(name, content, findings)
        .map(after -> new Pending(file, name, new String(content, StandardCharsets.UTF_8), after))
        .filter(each -> !each.before().equals(each.after()));
  }

  private void tell(Pending each) {
    if (list) {
      context.terminal().println(each.name());
    }
    if (diff) {
      context
          .terminal()
          .out()
          .print(UnifiedDiff.of(
              "old/" + each.name(), each.before(), "new/" + each.name(), each.after()));
    }
  }

  private int standardInput(Findings findings) {
    if (words.size() > 1) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904", "\"-\" cannot be combined with files", "Format standard input separately."));
    }
    String before = context.in().lines().map(line -> line + "\n").collect(Collectors.joining());
    Optional<String> after =
        YamlFormat.format("standard input", before.getBytes(StandardCharsets.UTF_8), findings);
    new DiagnosticPrinter(context.terminal()).print(findings.sorted());
    if (after.isEmpty()) {
      return ExitCode.FAILED;
    }
    boolean same = after.get().equals(before);
    if (diff) {
      context.terminal().out().print(UnifiedDiff.of("old/-", before, "new/-", after.get()));
    } else if (!check) {
      context.terminal().out().print(after.get());
    }
    return check && !same ? ExitCode.UNFORMATTED : ExitCode.OK;
  }
}
