package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.DiagnosticPrinter;
import io.dvault.cli.view.Events;
import io.dvault.cli.view.PlanEvents;
import io.dvault.cli.view.PlanMarkdown;
import io.dvault.cli.view.PlanVerdict;
import io.dvault.cli.view.PlanView;
import io.dvault.cli.view.Terminal;
import io.dvault.desired.VaultSettings;
import io.dvault.model.DiagnosticException;
import io.dvault.plan.PlanOptions;
import io.dvault.plan.SavedPlan;
import io.dvault.workflow.Planning;
import io.dvault.workflow.UserCache;
import io.dvault.workflow.VaultConnection;
import io.dvault.workflow.Workspace;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "plan",
    description = "Show what would change and why. Needs no credentials and changes nothing.",
    footer = {
      "",
      "Examples:",
      "  dvault plan",
      "  dvault plan -out change.plan && dvault apply change.plan",
      "  dvault plan -ref origin/main               plan a commit that is not checked out",
      "  dvault plan -target Grant/alice -target 'drone-1?'     only these",
      "  dvault plan -summary                       counts by kind and reason",
      "  dvault plan -json | jq .summary",
      "  dvault plan -markdown | gh pr comment -F -",
      "  dvault plan -detailed-exitcode      0: no changes, 1: refused or failed, 2: changes"
    })
final class PlanCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Save the plan for `dvault apply FILE`.")
  String out = "";

  @Option(names = "--detailed-exitcode", description = "Exit with 2 if there are changes.")
  boolean detailedExitCode;

  @Mixin
  PlanFormat format = new PlanFormat();

  @Mixin
  DetailOptions detail = new DetailOptions();

  @Option(names = "--renew-head", description = "Renew the head now, even if it is not due.")
  boolean renewHead;

  @Option(names = "--timings", description = "Print how long each phase took.")
  boolean timings;

  @Mixin
  RefOption ref = new RefOption();

  @Mixin
  TargetOptions targets = new TargetOptions();

  @Mixin
  GuardOptions guards = new GuardOptions();

  PlanCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    format.check();
    Events events = new Events(context.terminal(), context.clock());
    if (!format.events) {
      return plan(events);
    }
    events.version();
    try {
      return plan(events);
    } catch (DiagnosticException e) {
      e.diagnostics().forEach(events::diagnostic);
      return ExitCode.FAILED;
    }
  }

  private int plan(Events events) {
    Workspace workspace = Workspace.open(context.run(), ref.revision());
    Instant now = context.clock().instant();
    VaultSettings settings = workspace.settings();
    try (VaultConnection connection = VaultConnection.open(settings)) {
      workspace.timings().begin("chain");
      connection.keeping(UserCache.of(context.run()));
      PlanOptions options = PlanOptions.of(targets.targets(), renewHead);
      Planning planning = Planning.make(workspace, connection, options, now);
      PlanVerdict verdict = new PlanVerdict(planning, planning.refusals(guards.allowed()));
      if (!out.isEmpty() && !verdict.refused()) {
        SavedPlan.write(context.resolve(out), planning.plan());
      }
      print(context.terminal(), verdict, events);
      printTimings(workspace);
      return ExitCode.of(verdict, detailedExitCode);
    }
  }

  private void printTimings(Workspace workspace) {
    if (timings) {
      context.terminal().err().println(workspace.timings().line());
    }
  }

  private void print(Terminal terminal, PlanVerdict verdict, Events events) {
    if (format.json) {
      terminal.println(PlanFormat.document(verdict).toPrettyString());
    } else if (format.events) {
      verdict.refusals().forEach(events::diagnostic);
      new PlanEvents(events).emit(verdict);
    } else if (format.markdown) {
      terminal.out().print(new PlanMarkdown(verdict, format.maxSize).write(detail.full));
      terminal.out().flush();
    } else {
      screen(terminal, verdict);
    }
  }

  private void screen(Terminal terminal, PlanVerdict verdict) {
    new PlanView(terminal).print(verdict.planning(), detail.chosen());
    if (verdict.refused()) {
      new DiagnosticPrinter(terminal).print(verdict.refusals());
    } else if (!out.isEmpty()) {
      terminal.println("Saved. To apply this plan: dvault apply " + out);
      terminal.println("");
    }
    terminal.println(verdict.line());
  }
}
