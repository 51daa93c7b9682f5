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
      "Makes this device's keys, pins the anchor, and prints the Device YAML for the vault's repository.",
      "A second run prints the same. The keys never leave the device."
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
      description = "What `dvault anchor` printed.")
  private Path anchor;

  @Option(names = "--name", required = true, description = "The device's name in the repository.")
  private String name;

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "A label; may be given more than once.")
  private Map<String, String> labels = Map.of();

  @Option(
      names = "--classic",
      description = "An X25519 identity instead of the hybrid post-quantum one.")
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
