package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.CrashReport;
import io.dvault.cli.view.DiagnosticPrinter;
import io.dvault.cli.view.ProductVersion;
import io.dvault.cli.view.Terminal;
import io.dvault.console.Arguments;
import io.dvault.console.CompletionCommand;
import io.dvault.console.Help;
import io.dvault.console.ManCommand;
import io.dvault.console.UsageErrors;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.workflow.EnvironmentFailures;
import io.dvault.workflow.RunEnvironment;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command {@code dvault}: finds the command, runs it, and turns every failure into one diagnostic. */
@Command(
    name = "dvault",
    synopsisHeading = "Usage: ",
    customSynopsis = "dvault [--chdir FOLDER] COMMAND [OPTIONS]",
    description = "Device secrets as code, with no server to run or to trust.",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Examples:",
      "  dvault demo                 run a complete example on this machine",
      "  dvault init --devnet        create a vault in this folder, on a local chain",
      "  dvault plan                 show what would change and why",
      "  dvault apply                apply the changes",
      "",
      "Long options also work with one dash. `dvault COMMAND --help` shows options and examples.",
      "`dvault help exit-codes` lists exit codes; `dvault man` prints manual pages."
    })
public final class Dvault {
  /** Every command, in the order of the help. To add one: a line here and a class with picocli's {@code @Command}. */
  private static final List<Entry> COMMANDS = List.of(
      new Entry("demo", DemoCommand::new),
      new Entry("init", InitCommand::new),
      new Entry("devnet", DevnetCommand::new),
      new Entry("contract", ContractCommand::new),
      new Entry("authority", AuthorityCommand::new),
      new Entry("anchor", AnchorCommand::new),
      new Entry("validate", ValidateCommand::new),
      new Entry("fmt", FmtCommand::new),
      new Entry("policy", PolicyCommand::new),
      new Entry("schema", SchemaCommand::new),
      new Entry("import", ImportCommand::new),
      new Entry("graph", GraphCommand::new),
      new Entry("plan", PlanCommand::new),
      new Entry("show", ShowCommand::new),
      new Entry("apply", ApplyCommand::new),
      new Entry("approve", ApproveCommand::new),
      new Entry("grant", GrantCommand::new),
      new Entry("revoke", RevokeCommand::new),
      new Entry("log", LogCommand::new),
      new Entry("status", StatusCommand::new),
      new Entry(
          "completion",
          context ->
              new CompletionCommand(() -> root(context), context.terminal().out())),
      new Entry(
          "man",
          context -> new ManCommand(
              () -> root(context),
              new ManCommand.Program(
                  ProductVersion.version(),
                  ExitCode.TABLE,
                  context.terminal().out(),
                  context::resolve))),
      new Entry("version", VersionCommand::new));

  /** A command is made only when it is named, so that {@code version} loads no other class. */
  record Entry(String name, Function<CommandContext, Object> factory) {}

  private Dvault() {}

  static List<String> commandNames() {
    return COMMANDS.stream().map(Entry::name).toList();
  }

  public static void main(String[] arguments) {
    if (VersionCommand.isAsked(arguments)) {
      ProductVersion.print(System.out);
      return;
    }
    RunEnvironment process = RunEnvironment.ofProcess();
    CommandContext context = new CommandContext(
        Terminal.ofProcess(process.variables()),
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
        process,
        Optional.empty());
    int code = run(context, arguments);
    if (code != ExitCode.OK || !isLastThread()) {
      System.exit(code); // looks for a logger first, so only where returning would not do
    }
  }

  /** Whether the process ends when this thread does. */
  private static boolean isLastThread() {
    Thread[] others = new Thread[Thread.activeCount() + 8];
    int count = Thread.enumerate(others);
    return count < others.length
        && Stream.of(others)
            .limit(count)
            .allMatch(each -> each.isDaemon() || each == Thread.currentThread());
  }

  /** Runs one command to its end; never throws, never exits. */
  public static int run(CommandContext outside, String... given) {
    CommandContext context = outside;
    String command = "";
    try {
      Arguments arguments = Arguments.parse(List.of(given));
      context = arguments.plain() ? outside.plain() : outside;
      CommandContext here = context;
      context =
          arguments.directory().map(folder -> here.in(folder(here, folder))).orElse(here);
      command = arguments.rest().isEmpty() ? "" : arguments.rest().getFirst();
      return dispatch(context, command, arguments.rest());
    } catch (DiagnosticException e) {
      return fail(context, e.diagnostics());
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      CommandContext last = context;
      String name = command;
      return fail(
          context,
          List.of(
              EnvironmentFailures.expected(e).orElseGet(() -> CrashReport.write(e, last, name))));
    }
  }

  private static Path folder(CommandContext context, String folder) {
    Path path = context.resolve(folder);
    if (!Files.isDirectory(path)) {
      throw new DiagnosticException(Diagnostic.error(
          "DV905", "there is no folder " + folder, "--chdir names the folder with vault.yaml."));
    }
    return path;
  }

  private static int fail(CommandContext context, List<Diagnostic> diagnostics) {
    new DiagnosticPrinter(context.terminal()).print(diagnostics);
    return ExitCode.FAILED;
  }

  private static int dispatch(CommandContext context, String command, List<String> arguments) {
    if (VersionCommand.isAsked(arguments.toArray(String[]::new))) { // before picocli is loaded
      ProductVersion.print(context.terminal().out());
      return ExitCode.OK;
    }
    boolean help = arguments.isEmpty() || List.of("--help", "-h", "help").contains(command);
    if (help && arguments.size() <= 1) {
      return help(context, root(context));
    }
    if (help && arguments.equals(List.of(command, "exit-codes"))) {
      context.terminal().println("Exit codes of dvault:\n");
      ExitCode.TABLE.forEach(each -> context.terminal().println(each.line()));
      return ExitCode.OK;
    }
    List<String> words = help ? asked(arguments) : arguments;
    Entry entry = COMMANDS.stream()
        .filter(each -> each.name().equals(words.getFirst()))
        .findFirst()
        .orElseThrow(() -> new DiagnosticException(
            UsageErrors.unknownCommand("dvault", words.getFirst(), commandNames())));
    return execute(context, root(context, List.of(entry)), words);
  }

  /** {@code help contract deploy} is {@code contract deploy --help}. */
  private static List<String> asked(List<String> help) {
    return Stream.concat(help.stream().skip(1), Stream.of("--help")).toList();
  }

  private static int help(CommandContext context, CommandLine command) {
    Terminal terminal = context.terminal();
    terminal.out().print(Help.text(command, terminal.color() && terminal.outIsTerminal()));
    terminal.out().flush();
    return ExitCode.OK;
  }

  /** The command line with every command. */
  static CommandLine root(CommandContext context) {
    return root(context, COMMANDS);
  }

  /** The command line with the given commands: one to run, all of them for help. */
  static CommandLine root(CommandContext context, List<Entry> entries) {
    CommandLine root = new CommandLine(CommandSpec.forAnnotatedObject(new Dvault()));
    entries.forEach(entry -> root.addSubcommand(
        entry.name(), new CommandLine(entry.factory().apply(context), new Subcommands(context))));
    Help.prepare(root, context.terminal().width());
    return root;
  }

  /** Makes the subcommands of commands, which take the context as commands do. */
  private record Subcommands(CommandContext context) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      return type.getName().startsWith("io.dvault.") && type.isAnnotationPresent(Command.class)
          ? type.getDeclaredConstructor(CommandContext.class).newInstance(context)
          : CommandLine.defaultFactory().create(type);
    }
  }

  private static int execute(CommandContext context, CommandLine root, List<String> words) {
    ParseResult parsed;
    try {
      parsed = root.parseArgs(words.toArray(String[]::new));
    } catch (ParameterException e) {
      throw new DiagnosticException(UsageErrors.of(e));
    }
    CommandLine chosen = parsed.asCommandLineList().getLast();
    if (chosen.isUsageHelpRequested()) {
      return help(context, chosen);
    }
    if (!chosen.getSubcommands().isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV903",
          "missing subcommand of `" + qualified(chosen) + "`",
          "Subcommands: " + String.join(", ", chosen.getSubcommands().keySet()) + "."));
    }
    return call(chosen.getCommand());
  }

  private static String qualified(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }

  private static int call(Object command) {
    try {
      Object result = ((Callable<?>) command).call();
      return result instanceof Integer code ? code : ExitCode.OK;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
