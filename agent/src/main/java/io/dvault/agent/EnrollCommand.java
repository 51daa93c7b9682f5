package io.dvault.agent;

import io.dvault.disk.Checkpoint;
import io.dvault.disk.DurableFiles;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "enroll",
    description = {
      "Create this device's keys, pin the anchor, and print the Device YAML for the vault's repository.",
      "Running it again prints the same YAML. The keys never leave the device."
    },
    footer = {
      "",
      "Examples:",
      "  dvault-agent enroll --anchor anchor.yaml --name drone-7 --label role=drone > drone-7.yaml"
    })
final class EnrollCommand implements Callable<Integer> {
  @ParentCommand
  private Main main;

  @Mixin
  private RootOption root;

  @Option(
      names = "--anchor",
      paramLabel = "FILE",
      required = true,
      description = "Output of `dvault anchor`.")
  private Path anchor;

  @Option(names = "--name", required = true, description = "The device's name in the repository.")
  private String name;

  @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Label. Repeatable.")
  private Map<String, String> labels = Map.of();

  @Option(
      names = "--classic",
      description = "Use an X25519 identity instead of the post-quantum hybrid.")
  private boolean classic;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PrintStream err = main.err();
    Enrolment enrolment =
        new Enrolment(root.layout(), new DurableFiles(Checkpoint.NONE), new SecureRandom());
    out.print(enrolment.enroll(
        AnchorFile.given(anchor),
        name,
        new TreeMap<>(labels),
        classic,
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        new ChainCheck(err)::check));
    out.flush();
    return Main.WELL;
  }
}
