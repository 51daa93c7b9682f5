package io.dvault.cli;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import io.dvault.plan.Plan;
import io.dvault.plan.PlanJson;
import io.dvault.plan.PlanOptions;
import io.dvault.plan.SavedPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "plan",
    description = "Show what would change, and why. Needs no credentials and changes nothing.",
    footer = {
      "",
      "Examples:",
      "  dvault plan",
      "  dvault plan -out change.plan && dvault apply change.plan",
      "  dvault plan -ref origin/main               of a commit, whatever is checked out",
      "  dvault plan -json | jq .summary",
      "  dvault plan -detailed-exitcode      0: no changes, 1: refused or failed, 2: changes"
    })
final class PlanCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--out", paramLabel = "FILE", description = "Save the plan, for `dvault apply FILE` to do just that.")
  String out = "";

  @Option(names = "--json", description = "Print the plan as JSON.")
  boolean json;

  @Option(names = "--detailed-exitcode", description = "Exit with 2 when there are changes.")
  boolean detailedExitCode;

  @Mixin DetailOptions detail = new DetailOptions();

  @Option(names = "--renew-head", description = "Let devices count the head as fresh anew, though it is not due.")
  boolean renewHead;

  @Option(names = "--timings", description = "Say at the end where the time went.")
  boolean timings;

  @Mixin RefOption ref = new RefOption();
  @Mixin TargetOptions targets = new TargetOptions();
  @Mixin GuardOptions guards = new GuardOptions();

  PlanCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Workspace workspace = Workspace.open(context, ref.revision());
    try (VaultConnection connection = VaultConnection.open(workspace.settings())) {
      PlanOptions options = PlanOptions.of(targets.targets(), renewHead);
      Planning planning = Planning.make(workspace, connection, options, context.clock().instant());
      List<Diagnostic> refusals = planning.refusals(guards.allowed());
      if (!out.isEmpty() && refusals.isEmpty()) {
        SavedPlan.write(context.resolve(out), planning.plan());
      }
      if (json) {
        context.terminal().println(json(planning, refusals).toPrettyString());
      } else {
        print(planning, refusals);
      }
      if (timings) {
        context.terminal().err().println(workspace.timings().line());
      }
      return exitCode(planning.plan(), refusals);
    }
  }

  /** Reads {@code Kind/name@device}; a diagnostic that names the option otherwise. */
  static Set<EntryAddress> addresses(String option, List<String> texts) {
    Set<EntryAddress> addresses = new HashSet<>();
    for (String text : texts) {
      try {
        addresses.add(EntryAddress.parse(text));
      } catch (IllegalArgumentException e) {
        throw new DiagnosticException(Diagnostic.error("DV904", option + " cannot be \"" + text + "\"",
            "An entry is written Kind/name@device: SshCertificate/sshd-host@drone-7"));
      }
    }
    return addresses;
  }

  private void print(Planning planning, List<Diagnostic> refusals) {
    Plan plan = planning.plan();
    new PlanView(context.terminal()).print(planning, detail.chosen());
    if (!refusals.isEmpty()) {
      new DiagnosticPrinter(context.terminal()).print(refusals);
      context.terminal().println("Plan refused: " + PlanView.summary(plan));
      return;
    }
    if (!out.isEmpty()) {
      context.terminal().println("Saved. To do exactly this: dvault apply " + out);
      context.terminal().println("");
    }
    context.terminal().println(PlanView.verdict(plan));
  }

  private static ObjectNode json(Planning planning, List<Diagnostic> refusals) {
    ObjectNode node = PlanJson.write(planning.plan());
    node.set("policy", PolicyJson.write(planning.policy()));
    ArrayNode array = node.putArray("refused");
    refusals.forEach(each -> array.add(DiagnosticJson.write(each)));
    return node;
  }

  private int exitCode(Plan plan, List<Diagnostic> refusals) {
    if (!refusals.isEmpty()) {
      return ExitCode.FAILED;
    }
    return detailedExitCode && !plan.isEmpty() ? ExitCode.CHANGES : ExitCode.OK;
  }
}
