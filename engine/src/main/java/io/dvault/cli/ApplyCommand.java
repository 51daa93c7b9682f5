package io.dvault.cli;

import io.dvault.cli.view.ApplyDialog;
import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.Events;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.plan.PlanOptions;
import io.dvault.plan.SavedPlan;
import io.dvault.workflow.ApplySession;
import io.dvault.workflow.Planning;
import io.dvault.workflow.Rollout;
import io.dvault.workflow.RolloutSettings;
import io.dvault.workflow.Workspace;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "apply",
    description = "Apply the repository to the devices: issue, seal, publish, approve, commit.",
    footer = {
      "",
      "Examples:",
      "  dvault apply                                 show the plan and prompt",
      "  dvault apply --auto-approve --input=false    in CI",
      "  dvault plan --out change.plan && dvault apply change.plan",
      "  dvault apply --ref v2.3                      apply a commit that is not checked out",
      "  dvault apply --approver keystore:ops.json --gas env:GAS_KEY"
    })
final class ApplyCommand implements Callable<Integer> {
  private final CommandContext outside;

  @Parameters(
      paramLabel = "PLAN",
      arity = "0..1",
      description = "Saved plan to apply, without a prompt.")
  String saved = "";

  @Option(names = "--auto-approve", description = "Skip the approval prompt.")
  boolean autoApprove;

  @Option(
      names = "--input",
      paramLabel = "false",
      arity = "0..1",
      fallbackValue = "true",
      description = "Allow interactive prompts. Default: true.")
  boolean input = true;

  @Option(
      names = "--json",
      description = "Print JSON events, one per line. Requires --auto-approve or a saved plan.")
  boolean json;

  @Option(names = "--renew-head", description = "Renew the head now, even if it is not due.")
  boolean renewHead;

  @Mixin
  DetailOptions detail = new DetailOptions();

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description = "Age identity file. Default: DVAULT_IDENTITY.")
  String identity = "";

  @Option(
      names = "--allow-exec",
      description =
          "Allow the repository to run commands on this machine (tokens with from: {exec: …}).")
  boolean exec;

  @Option(names = "--timings", description = "Print how long each phase took.")
  boolean timings;

  @Mixin
  RefOption ref = new RefOption();

  @Mixin
  KeyOptions keys = new KeyOptions();

  @Mixin
  TargetOptions targets = new TargetOptions();

  @Mixin
  GuardOptions guards = new GuardOptions();

  @Mixin
  RolloutOptions rollout = new RolloutOptions();

  ApplyCommand(CommandContext outside) {
    this.outside = outside;
  }

  @Override
  public Integer call() {
    if (!json) {
      return apply(outside);
    }
    if (saved.isEmpty() && !autoApprove) {
      throw new DiagnosticException(Diagnostic.error(
          "DV903",
          "--json cannot prompt",
          "Use --auto-approve, or apply a saved plan. Nothing was changed."));
    }
    Events events = new Events(outside.terminal(), outside.clock());
    events.version();
    try {
      return apply(outside.told(events));
    } catch (DiagnosticException e) {
      e.diagnostics().forEach(events::diagnostic);
      return ExitCode.FAILED;
    }
  }

  private int apply(CommandContext context) {
    RolloutSettings settings = rollout.settings();
    if (settings.inWaves() && !saved.isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV315",
          "a saved plan cannot be applied in waves",
          "A saved plan is one commit; each wave is a separate commit.",
          "Remove --waves, or apply without the saved plan. Nothing was changed."));
    }
    try (ApplySession run =
        keys.session(context, Workspace.open(context.run(), ref.revision()), identity, exec)) {
      run.recover();
      Planning planning = planning(context, run);
      boolean ask = saved.isEmpty() && !autoApprove;
      Rollout.End end = new ApplyDialog(context, run, settings)
          .apply(planning, "apply", guards.allowed(), ask, input, detail.chosen());
      if (timings) {
        context.terminal().err().println(run.workspace().timings().line());
      }
      return ExitCode.of(end);
    }
  }

  private Planning planning(CommandContext context, ApplySession run) {
    PlanOptions options = PlanOptions.of(targets.targets(), renewHead);
    if (saved.isEmpty()) {
      return Planning.make(
          run.workspace(), run.connection(), options, context.clock().instant());
    }
    if (!options.equals(PlanOptions.NONE)) {
      throw new DiagnosticException(
          Diagnostic.error(
              "DV903",
              "a saved plan cannot be changed",
              "Use --target, --exclude, --replace and --renew-head with `dvault plan -out`. Nothing was changed."));
    }
    SavedPlan plan = SavedPlan.read(context.resolve(saved));
    Planning planning = Planning.make(run.workspace(), run.connection(), plan.options(), plan.at());
    plan.requireBase(planning.plan().base());
    plan.requireSame(planning.plan());
    return planning;
  }
}
