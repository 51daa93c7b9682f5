package io.dvault.cli;

import io.dvault.cli.view.ApplyDialog;
import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.PlanView;
import io.dvault.desired.DesiredEntry;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import io.dvault.model.Names;
import io.dvault.model.Quantities;
import io.dvault.model.Spelling;
import io.dvault.plan.Change;
import io.dvault.plan.Plan;
import io.dvault.plan.PlanOptions;
import io.dvault.schema.Schemas;
import io.dvault.workflow.ApplySession;
import io.dvault.workflow.NewFiles;
import io.dvault.workflow.Planning;
import io.dvault.workflow.Rollout;
import io.dvault.workflow.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "grant",
    description =
        "Grant temporary access to devices: write grants/NAME.yaml and apply only this change.",
    footer = {
      "",
      "Examples:",
      "  dvault grant alice --device drone-7 --account ops --key ~/.ssh/id_ed25519.pub --ttl 5m --reason INC-4711",
      "  add --extend --ttl 10m                replace the remaining time: 10m from now",
      "  dvault revoke Grant/alice             end it early"
    })
final class GrantCommand implements Callable<Integer> {
  private static final int LONGEST_KEY = 16_384;
  /** A proposal that others could not make again from git. */
  private static final String NEEDS_GIT = "DV306";

  private final CommandContext context;

  @Parameters(paramLabel = "NAME", description = "Name of the grant; must be new in this vault.")
  String name = "";

  @Option(
      names = "--device",
      required = true,
      paramLabel = "NAME",
      description = "Device. Repeatable.")
  List<String> devices = new ArrayList<>();

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "SSH public key: a file, or the line itself.")
  String key = "";

  @Option(
      names = "--account",
      required = true,
      paramLabel = "NAME",
      description = "Account on the device.")
  String account = "";

  @Option(
      names = "--ttl",
      required = true,
      paramLabel = "DURATION",
      description = "Lifetime from the commit, for example 5m.")
  String ttl = "";

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Reason, recorded in the repository.")
  String reason = "";

  @Option(names = "--extend", description = "Reissue the existing grant of this name.")
  boolean extend;

  @Option(names = "--auto-approve", description = "Skip the approval prompt.")
  boolean autoApprove;

  @Option(
      names = "--input",
      paramLabel = "false",
      arity = "0..1",
      fallbackValue = "true",
      description = "Allow interactive prompts. Default: true.")
  boolean input = true;

  @Mixin
  KeyOptions keys = new KeyOptions();

  GrantCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (!Names.isName(name)) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904",
          "invalid grant name \"" + name + "\"",
          "Use lower-case letters, digits, - . and _; 63 at most. Nothing was changed."));
    }
    Workspace before = Workspace.open(context.run());
    devices.forEach(device -> requireDevice(before, device));
    Path file = before.root().resolve("grants/" + name + ".yaml");
    Optional<String> earlier = earlier(before, file);
    boolean again = earlier.filter(yaml()::equals).isPresent();
    if (!again) {
      earlier.ifPresent(text -> remove(file));
      NewFiles.write(file, yaml());
    }
    Runnable undo = () -> {
      remove(file); // what was refused is not declared either
      earlier.ifPresent(text -> NewFiles.write(file, text));
    };
    try {
      Rollout.End end = apply(file, again, undo);
      if (end != Rollout.End.DONE) {
        undo.run();
      }
      return ExitCode.of(end);
    } catch (DiagnosticException e) {
      if (!again && e.diagnostics().getFirst().code().equals(NEEDS_GIT)) {
        context
            .terminal()
            .println("Declared in grants/" + name
                + ".yaml: commit it, then run the same command again.");
      } else {
        undo.run();
      }
      throw e;
    } catch (RuntimeException e) {
      undo.run();
      throw e;
    }
  }

  /**
   * What stands in the grant's file. With {@code --extend} there must be something; without it
   * there may be the very same
   * words, of a command that did not come to its end.
   */
  private Optional<String> earlier(Workspace before, Path file) {
    Optional<DesiredEntry> declared = before.desired().entries().values().stream()
        .filter(entry -> entry.address().secret().equals("Grant/" + name))
        .findFirst();
    if (declared.isEmpty() && extend) {
      throw new DiagnosticException(
          Diagnostic.error(
              "DV904",
              "there is no grant " + name + " to extend",
              "It is not declared in this repository. To create it, omit --extend. Nothing was changed."));
    }
    Optional<String> text = declared.isPresent() ? text(file) : Optional.empty();
    boolean fits = extend ? text.isPresent() : text.filter(yaml()::equals).isPresent();
    if (declared.isPresent() && !fits) {
      throw exists(
          "It is declared at " + declared.get().template().position() + ".",
          extend
              ? "Edit it there: it was not created by `dvault grant`."
              : "Choose another name, or add --extend.");
    }
    return text;
  }

  private DiagnosticException exists(String where, String what) {
    return new DiagnosticException(Diagnostic.error(
        "DV908", "grant " + name + " already exists", where, what + " Nothing was changed."));
  }

  private static Optional<String> text(Path file) {
    try {
      return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** @param undo what is to be done when the command is left at its prompt */
  private Rollout.End apply(Path file, boolean again, Runnable undo) {
    try (ApplySession run = keys.session(context, Workspace.open(context.run()), "", false)) {
      run.interruption().onLeave(undo);
      run.recover();
      Set<EntryAddress> mine = run.workspace().desired().entries().keySet().stream()
          .filter(address -> address.secret().equals("Grant/" + name))
          .collect(Collectors.toSet());
      Instant now = context.clock().instant();
      // The same words again are no change of the spec, yet whoever extends wants the time anew.
      Set<EntryAddress> anew = extend ? mine : Set.of();
      Planning whole =
          Planning.make(run.workspace(), run.connection(), PlanOptions.NONE.replacing(anew), now);
      long others = others(whole.plan(), mine);
      Planning planning = others == 0 && whole.plan().head().isEmpty()
          ? whole
          : Planning.make(
              run.workspace(), run.connection(), PlanOptions.issuing(mine).replacing(anew), now);
      boolean over = planning.plan().keeps().stream()
          .anyMatch(
              keep -> keep.ended() && keep.address().filter(mine::contains).isPresent());
      if (again && over) {
        throw exists("It was issued and has ended.", "Add --extend to issue it again from now on.");
      }
      Rollout.End end = new ApplyDialog(context, run)
          .apply(
              planning,
              "grant",
              new GuardOptions().allowed(),
              !autoApprove,
              input,
              PlanView.Detail.GROUPED);
      if (others > 0) {
        context
            .terminal()
            .println("Not applied: " + Quantities.count(others, "other change")
                + " in the repository. Run `dvault apply`.");
      }
      context
          .terminal()
          .println("Declared in " + run.workspace().root().relativize(file)
              + ": commit it, or remove it after the grant ends.");
      return end;
    }
  }

  private static long others(Plan plan, Set<EntryAddress> mine) {
    long entries = plan.changes().stream()
        .filter(change -> change.address().filter(mine::contains).isEmpty())
        .filter(change -> !(change instanceof Change.Revoke revoke && revoke.housekeeping()))
        .count();
    return entries + plan.authorities().size();
  }

  private static void requireDevice(Workspace workspace, String device) {
    Set<String> known = workspace.desired().devices().keySet();
    if (!known.contains(device)) {
      Diagnostic unknown = Diagnostic.error(
          "DV904",
          "--device cannot be \"" + device + "\"",
          "No such device is declared. Nothing was changed.");
      throw new DiagnosticException(Spelling.nearest(device, known)
          .map(near -> unknown.hinting("did you mean " + near + "?"))
          .orElse(unknown));
    }
  }

  private String yaml() {
    return Schemas.modeline("grants/" + name + ".yaml")
        + """
        apiVersion: dvault.io/v1
        kind: Grant
        metadata: {name: %s}
        spec:
          publicKey: %s
          account: %s
          devices: {names: [%s]}
          ttl: %s
          reason: %s
        """.formatted(
                name,
                quoted(publicKey()),
                quoted(account),
                devices.stream().map(GrantCommand::quoted).collect(Collectors.joining(", ")),
                quoted(ttl),
                quoted(reason));
  }

  /** A double-quoted YAML scalar; what cannot stand in one line becomes an escape. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars().forEach(c -> {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append((char) c);
      } else if (Character.isISOControl(c)) {
        quoted.append(String.format("\\u%04x", c));
      } else {
        quoted.append((char) c);
      }
    });
    return quoted.append('"').toString();
  }

  private String publicKey() {
    if (key.startsWith("ssh-") || key.startsWith("ecdsa-") || key.startsWith("sk-")) {
      return key.strip();
    }
    Path file = context.resolveHome(key);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LONGEST_KEY) {
        throw new DiagnosticException(Diagnostic.error(
            "DV904",
            "--key cannot be \"" + key + "\"",
            file + " is not a public key file.",
            "Usually it is ~/.ssh/id_ed25519.pub. Nothing was changed."));
      }
      String text = Files.readString(file).strip();
      if (text.contains("PRIVATE KEY")) {
        throw new DiagnosticException(Diagnostic.error(
            "DV904",
            "--key names a private key",
            "Keep " + file + " private. Use its public key: " + file
                + ".pub. Nothing was changed."));
      }
      return text;
    } catch (IOException e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904",
          "--key cannot be \"" + key + "\"",
          file + " cannot be read as text. Nothing was changed."));
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
