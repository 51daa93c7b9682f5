package io.dvault.agent;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.spi.FileFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The command {@code dvault-agent}. Exit codes: 0 well, 1 could not do it, 2 done, and something needs a person. */
@Command(
    name = "dvault-agent",
    mixinStandardHelpOptions = true,
    version = "dvault-agent 0.1.0",
    description = "Makes this device hold exactly what its vault's approvers signed.",
    subcommands = {EnrollCommand.class, RunCommand.class, OnceCommand.class, StatusCommand.class},
    footer = {
      "",
      "Exit codes: 0 well; 1 could not do it, a diagnostic says why; 2 done, and something needs a person (see status)."
    })
public final class Main implements Runnable {
  static final int WELL = 0;
  static final int FAILED = 1;
  static final int NEEDS_PERSON = 2;

  private final PrintStream err;

  @CommandLine.Spec
  private CommandSpec spec;

  private Main(PrintStream err) {
    this.err = err;
  }

  /** Where log lines and warnings go. */
  PrintStream err() {
    return err;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: enroll, run, once or status");
  }

  public static void main(String[] arguments) {
    System.exit(run(System.out, System.err, arguments));
  }

  /** Runs one command; never throws and never exits. */
  public static int run(PrintStream out, PrintStream err, String... arguments) {
    CommandLine line = new CommandLine(new Main(err));
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((e, given) -> {
      String command = e.getCommandLine().getCommandSpec().qualifiedName();
      Diagnostics.print(err, List.of(Diagnostic.error("DV500", "wrong arguments", e.getMessage() + ".",
          "See `" + command + " --help`.")));
      return FAILED;
    });
    line.setExecutionExceptionHandler((e, command, parsed) -> {
      Diagnostics.print(err, diagnostics(e));
      return FAILED;
    });
    return line.execute(Arrays.stream(arguments).map(Main::twoDashes).toArray(String[]::new));
  }

  /** Long options work with one dash too, as Terraform's do. */
  private static String twoDashes(String argument) {
    return argument.matches("-[a-z]{2,}.*") ? "-" + argument : argument;
  }

  private static List<Diagnostic> diagnostics(Exception exception) {
    return switch (exception) {
      case DiagnosticException known -> known.diagnostics();
      case IOException e -> List.of(state(e));
      case UncheckedIOException e -> List.of(state(e.getCause()));
      case io.dvault.ledger.LedgerException e -> List.of(Diagnostic.error("DV528", "the chain cannot be used", e.getMessage()));
      default -> List.of(Diagnostic.error("DV599", "dvault-agent has a bug", exception + " at " + exception.getStackTrace()[0],
          "Please report it with this line."));
    };
  }

  private static Diagnostic state(IOException e) {
    return Diagnostic.error("DV504", "a file of this device cannot be used", FileFailure.words(e) + ".",
        e instanceof AccessDeniedException
            ? "The agent usually runs as root; as someone else it needs a --root that it may write to."
            : "What was installed stays as it was. Mend the disk, or name another --root, and run it again.");
  }
}
