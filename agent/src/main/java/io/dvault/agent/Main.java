package io.dvault.agent;

import io.dvault.console.CompletionCommand;
import io.dvault.console.Dashes;
import io.dvault.console.ExitStatus;
import io.dvault.console.Help;
import io.dvault.console.ManCommand;
import io.dvault.console.UsageErrors;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.spi.FileFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command {@code dvault-agent}. Exit codes: {@link #EXITS}. */
@Command(
    name = "dvault-agent",
    synopsisHeading = "Usage: ",
    customSynopsis = "dvault-agent COMMAND [OPTIONS]",
    description = "Install on this device what the vault's approvers signed.",
    commandListHeading = "%nCommands:%n",
    subcommands = {EnrollCommand.class, RunCommand.class, OnceCommand.class, StatusCommand.class},
    footer = {
      "",
      "Examples:",
      "  dvault-agent enroll --anchor anchor.yaml --name drone-7 > drone-7.yaml   once; commit the file to the vault",
      "  dvault-agent run                                                         follow the vault",
      "  dvault-agent status                                                      show entries and problems",
      "",
      "Long options also work with one dash. `dvault-agent COMMAND --help` shows options and examples.",
      "`dvault-agent help exit-codes` lists exit codes."
    })
public final class Main {
  static final int WELL = 0;
  static final int FAILED = 1;
  static final int NEEDS_PERSON = 2;

  /** The one table: help, manual pages and docs/exit-codes.md. */
  static final List<ExitStatus> EXITS = List.of(
      new ExitStatus(WELL, "well", ""),
      new ExitStatus(FAILED, "failed: see the diagnostic", ""),
      new ExitStatus(
          NEEDS_PERSON, "done, but a problem needs attention: see status", "once, status"));

  private static final String VERSION = "0.1.0";

  private final PrintStream err;

  private Main(PrintStream err) {
    this.err = err;
  }

  /** Where log lines and warnings go. */
  PrintStream err() {
    return err;
  }

  public static void main(String[] arguments) {
    System.exit(run(System.out, System.err, arguments));
  }

  /** Runs one command; never throws and never exits. */
  public static int run(PrintStream out, PrintStream err, String... arguments) {
    try {
      return dispatch(out, err, Dashes.normalized(List.of(arguments)));
    } catch (DiagnosticException e) {
      return fail(err, e.diagnostics());
    } catch (ParameterException e) {
      return fail(err, List.of(UsageErrors.of(e)));
    } catch (Exception e) {
      return fail(err, diagnostics(e));
    }
  }

  private static int fail(PrintStream err, List<Diagnostic> diagnostics) {
    Diagnostics.print(err, diagnostics);
    return FAILED;
  }

  private static int dispatch(PrintStream out, PrintStream err, List<String> words)
      throws Exception {
    CommandLine root = root(out, err);
    String first = words.isEmpty() ? "help" : words.getFirst();
    if (List.of("--version", "-V").contains(first)) {
      out.println("dvault-agent " + VERSION);
      return WELL;
    }
    if (!List.of("help", "--help", "-h").contains(first)) {
      if (!root.getSubcommands().containsKey(first)) {
        throw new DiagnosticException(UsageErrors.unknownCommand(
            "dvault-agent", first, List.copyOf(root.getSubcommands().keySet())));
      }
      return execute(out, root.parseArgs(words.toArray(String[]::new)));
    }
    if (words.size() == 2 && words.getLast().equals("exit-codes")) {
      out.println("Exit codes of dvault-agent:\n");
      EXITS.forEach(each -> out.println(each.line()));
    } else if (words.size() < 2) {
      out.print(Help.text(root, false));
    } else {
      List<String> asked = new ArrayList<>(words.subList(1, words.size()));
      asked.add("--help");
      return dispatch(out, err, asked);
    }
    return WELL;
  }

  private static int execute(PrintStream out, ParseResult parsed) throws Exception {
    CommandLine chosen = parsed.asCommandLineList().getLast();
    if (chosen.isUsageHelpRequested()) {
      out.print(Help.text(chosen, false));
      return WELL;
    }
    return (Integer) ((Callable<?>) chosen.getCommand()).call();
  }

  private static CommandLine root(PrintStream out, PrintStream err) {
    CommandLine root = new CommandLine(new Main(err));
    root.addSubcommand("completion", new CompletionCommand(() -> root(out, err), out));
    root.addSubcommand(
        "man",
        new ManCommand(
            () -> root(out, err), new ManCommand.Program(VERSION, EXITS, out, Path::of)));
    Help.prepare(root, Integer.getInteger("dvault.columns", 0));
    root.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    root.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    return root;
  }

  private static List<Diagnostic> diagnostics(Exception exception) {
    return switch (exception) {
      case DiagnosticException known -> known.diagnostics();
      case IOException e -> List.of(state(e));
      case UncheckedIOException e -> List.of(state(e.getCause()));
      case io.dvault.ledger.LedgerException e ->
        List.of(Diagnostic.error("DV528", "the chain cannot be used", e.getMessage()));
      default ->
        List.of(Diagnostic.error(
            "DV599",
            "dvault-agent has a bug",
            exception + " at " + exception.getStackTrace()[0],
            "Please report it with this line."));
    };
  }

  private static Diagnostic state(IOException e) {
    return Diagnostic.error(
        "DV504",
        "a file of this device cannot be used",
        FileFailure.words(e) + ".",
        e instanceof AccessDeniedException
            ? "The agent usually runs as root; as someone else it needs a --root that it may write to."
            : "Installed files are unchanged. Fix the disk, or use another --root, and run it again.");
  }
}
