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
    description =
        "Bring the devices to what the repository says: issue, seal, publish, approve, commit.",
    footer = {
      "",
      "Examples:",
      "  dvault apply                                 shows the plan and asks",
      "  dvault apply --auto-approve --input=false    in CI",
      "  dvault plan --out change.plan && dvault apply change.plan",
      "  dvault apply --ref v2.3                      a commit, whatever is checked out",
      "  dvault apply --approver keystore:ops.json --gas env:GAS_KEY"
    })
final class ApplyCommand implements Callable<Integer> {
  private final CommandContext outside;

  @Parameters(
      paramLabel = "PLAN",
      arity = "0..1",
      description = "A saved plan: do exactly that, without asking.")
  String saved = "";

  @Option(names = "--auto-approve", description = "Do not ask.")
  boolean autoApprove;

  @Option(
      names = "--input",
      paramLabel = "false",
      arity = "0..1",
      fallbackValue = "true",
      description = "Whether somebody can be asked. Default: true.")
  boolean input = true;

  @Option(
      names = "--json",
      description = "Print what happens as JSON, an event a line; needs --auto-approve or a plan.")
  boolean json;

  @Option(
      names = "--renew-head",
      description = "Let devices count the head as fresh anew, though it is not due.")
  boolean renewHead;

  @Mixin
  DetailOptions detail = new DetailOptions();

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description = "Your age identity. Default: DVAULT_IDENTITY.")
  String identity = "";

  @Option(
      names = "--allow-exec",
      description = "Let the repository run commands here: from: {exec: …} of tokens.")
  boolean exec;

  @Option(names = "--timings", description = "Say at the end where the time went.")
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
          "--json asks nobody",
          "Add --auto-approve, or apply a saved plan. Nothing was changed."));
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
          "a saved plan is one commit, and waves are several",
          "Each wave is planned anew on the epoch that the one before it made.",
          "Leave --waves out, or apply without the saved plan. Nothing was changed."));
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
              "a saved plan is applied as it is",
              "--target, --exclude, --replace and --renew-head belong to `dvault plan -out`. Nothing was changed."));
    }
    SavedPlan plan = SavedPlan.read(context.resolve(saved));
    Planning planning = Planning.make(run.workspace(), run.connection(), plan.options(), plan.at());
    plan.requireBase(planning.plan().base());
    plan.requireSame(planning.plan());
    return planning;
  }
}
