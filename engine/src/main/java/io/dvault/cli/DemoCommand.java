package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.Terminal;
import io.dvault.demo.Demo;
import io.dvault.demo.Engine.Ran;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = "Run a complete example on this machine: chain, gateway, three drones, sshd.",
    footer = {
      "",
      "Examples:",
      "  dvault demo           run it, in under a minute, and clean up",
      "  dvault demo --keep    run it and keep its folder"
    })
final class DemoCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--keep", description = "Keep the folder with the vault, drones and logs.")
  boolean keep;

  @Option(names = "--mina", description = "Use Apache MINA SSHD even if OpenSSH is installed.")
  boolean mina;

  DemoCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    List<Path> searchPath = Arrays.stream(
            context.variable("PATH").orElse("").split(File.pathSeparator))
        .map(Path::of)
        .toList();
    Demo.Settings settings =
        new Demo.Settings(program("dvault"), program("dvault-agent"), searchPath, mina, keep);
    Demo.run(settings, this::run, context.terminal().out());
    return ExitCode.OK;
  }

  private List<String> program(String name) {
    Path launcher = context.home().map(home -> home.resolve(name)).orElse(Path.of(name));
    if (!Files.isExecutable(launcher)) {
      throw new DiagnosticException(Diagnostic.error(
          "DV712",
          "the launcher " + name + " is missing",
          "The demo starts " + launcher + " as a process of its own.",
          "Run it from a clone: ./dvault demo"));
    }
    return List.of(launcher.toString());
  }

  /** Keys and options come from the devnet alone, never from the environment of whoever watches. */
  private Ran run(Path folder, List<String> arguments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Terminal captured = new Terminal(both, both, false, false, false, Terminal.DEFAULT_WIDTH);
    Map<String, String> environment = new HashMap<>(context.environment());
    environment.keySet().removeIf(name -> name.startsWith("DVAULT_"));
    CommandContext inside = new CommandContext(
        captured,
        new BufferedReader(Reader.nullReader()),
        environment,
        folder,
        context.home(),
        context.clock(),
        context.random());
    int exitCode = Dvault.run(inside, arguments.toArray(String[]::new));
    return new Ran(exitCode, bytes.toString(StandardCharsets.UTF_8));
  }
}
