package io.dvault.console;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code man}, the same in both programs. */
@Command(
    name = "man",
    description = "Print the manual page of a command, or write all of them as files.",
    footer = {
      "",
      "Examples:",
      "  man -l <(${ROOT-COMMAND-NAME} man)   read it now",
      "  ${ROOT-COMMAND-NAME} man --out ~/.local/share/man/man1   then: man ${ROOT-COMMAND-NAME}"
    })
public final class ManCommand implements Callable<Integer> {
  private final Supplier<CommandLine> root;
  private final Program program;

  /**
   * @param resolve a path that the user typed, as a path
   * @param exits the program's exit codes
   */
  public record Program(
      String version, List<ExitStatus> exits, PrintStream out, Function<String, Path> resolve) {
    public Program {
      exits = List.copyOf(exits);
    }
  }

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "Command whose page to print. Default: the program.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Write the pages of all commands to this folder, one file each.")
  private String folder = "";

  /** @param root the program with all of its commands */
  public ManCommand(Supplier<CommandLine> root, Program program) {
    this.root = root;
    this.program = program;
  }

  @Override
  public Integer call() {
    CommandLine all = root.get();
    if (folder.isEmpty()) {
      program
          .out()
          .print(
              ManPage.of(chosen(all), all, program.version(), program.exits()).text());
      program.out().flush();
      return 0;
    }
    List<ManPage> pages = ManPage.all(all, program.version(), program.exits());
    write(program.resolve().apply(folder), pages);
    program.out().println(pages.size() + " pages in " + folder + ".");
    return 0;
  }

  private CommandLine chosen(CommandLine all) {
    CommandLine command = Help.descend(all, words);
    if (command.getCommandSpec().qualifiedName().split(" ").length != words.size() + 1) {
      throw new DiagnosticException(Diagnostic.error(
          "DV901",
          "unknown command \"" + String.join(" ", words) + "\"",
          "Run `" + all.getCommandName() + " --help` for the list."));
    }
    return command;
  }

  private static void write(Path folder, List<ManPage> pages) {
    try {
      Files.createDirectories(folder);
      for (ManPage page : pages) {
        Files.writeString(folder.resolve(page.name() + ".1"), page.text());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
