package io.dvault.cli;

import io.dvault.apply.Proposal;
import io.dvault.apply.ProposalCheck;
import io.dvault.apply.ProposalSigning;
import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.PlanView;
import io.dvault.cli.view.Prompt;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.evm.Eip712ApprovalVerifier;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Quantities;
import io.dvault.plan.Plan;
import io.dvault.plan.PlanOptions;
import io.dvault.registry.GitCommit;
import io.dvault.registry.Registry;
import io.dvault.workflow.ApplySession;
import io.dvault.workflow.Planning;
import io.dvault.workflow.UserCache;
import io.dvault.workflow.VaultConnection;
import io.dvault.workflow.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "approve",
    description =
        "Check a proposal against git and the chain, sign it, and commit once enough approvers have signed.",
    footer = {
      "",
      "Examples:",
      "  dvault approve .dvault/proposal-42.json --approver keystore:me.json",
      "  dvault approve .dvault/proposal-42.json --no-commit   sign only; needs no gas key",
      "  dvault approve .dvault/proposal-42.json --relay       commit only, for CI; needs no approver key"
    })
final class ApproveCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "PROPOSAL", description = "Proposal file.")
  String file = "";

  @Option(names = "--auto-approve", description = "Skip the approval prompt.")
  boolean autoApprove;

  @Option(
      names = "--input",
      paramLabel = "false",
      arity = "0..1",
      fallbackValue = "true",
      description = "Allow interactive prompts. Default: true.")
  boolean input = true;

  @Option(names = "--no-commit", description = "Sign only; do not commit.")
  boolean noCommit;

  @Option(
      names = "--relay",
      description =
          "Commit if enough approvers have signed; otherwise print how many are missing. Does not sign.")
  boolean relay;

  @Mixin
  DetailOptions detail = new DetailOptions();

  @Mixin
  KeyOptions keys = new KeyOptions();

  @Mixin
  GuardOptions guards = new GuardOptions();

  ApproveCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (relay && noCommit) {
      throw new DiagnosticException(
          Diagnostic.error(
              "DV904",
              "--relay and --no-commit cannot be used together",
              "Use --relay to commit without signing, --no-commit to sign without committing. Nothing was done."));
    }
    Path path = context.resolve(file);
    Proposal proposal = Proposal.read(path);
    Workspace here = Workspace.open(context.run());
    try (VaultConnection connection =
        VaultConnection.open(here.settings()).keeping(UserCache.of(context.run()))) {
      if (!proposal.commit().vault().equals(connection.vault())) {
        throw new DiagnosticException(Diagnostic.error(
            "DV308",
            "the proposal is for another vault",
            "It names vault " + proposal.commit().vault().bytes().abbreviated() + ".",
            "Nothing was signed."));
      }
      ProposalSigning signing =
          new ProposalSigning(connection.ledger(), new Eip712ApprovalVerifier());
      Head head = signing.requireCurrent(proposal);
      if (relay) {
        return relay(proposal, here, signing);
      }
      Registry proposed = Registry.open(
          connection.blocks(), Registry.rootCid(proposal.commit().root()), connection.vault());
      Optional<Registry> before = head.epoch() == 0
          ? Optional.empty()
          : Optional.of(Registry.open(
              connection.blocks(), Registry.rootCid(head.root()), connection.vault()));
      String commit = proposed.root().commit();
      if (GitCommit.isDirty(commit)) {
        throw new DiagnosticException(Diagnostic.error(
            "DV308",
            "the proposal was made from uncommitted changes",
            "Other approvers cannot reproduce its plan.",
            "Ask the proposer to commit and apply again. Nothing was signed."));
      }
      Workspace workspace = commit.isEmpty() ? here : Workspace.openCommit(context.run(), commit);
      return approve(proposal, path, workspace, before, proposed);
    }
  }

  /** What it says was checked by those who signed; here it is only carried. */
  private int relay(Proposal proposal, Workspace workspace, ProposalSigning signing) {
    int missing = signing.collect(proposal, List.of()).missing();
    if (missing > 0) {
      context
          .terminal()
          .println(Quantities.count(missing, "approval") + " missing. Nothing was committed.");
      return ExitCode.OK;
    }
    try (ApplySession run = keys.session(context, workspace, "", false)) {
      return told(signing.sign(proposal, List.of(), run.writer(), run.steps()), "Committed");
    }
  }

  private int approve(
      Proposal proposal,
      Path path,
      Workspace workspace,
      Optional<Registry> before,
      Registry proposed) {
    try (ApplySession run = keys.session(context, workspace, "", false)) {
      Planning planning = Planning.make(
          workspace, run.connection(), proposal.options(), proposed.root().at());
      Plan plan = planning.plan();
      new PlanView(context.terminal()).print(planning, detail.chosen());
      List<Diagnostic> faults = new ProposalCheck(
              planning.input().desired(),
              planning.input().registry(),
              plan,
              proposal.commit(),
              context.clock().instant())
          .check(before, proposed);
      if (!faults.isEmpty()) {
        throw new DiagnosticException(faults);
      }
      List<Diagnostic> refusals = planning.refusals(guards.allowed());
      if (!refusals.isEmpty()) {
        throw new DiagnosticException(refusals);
      }
      context
          .terminal()
          .println("The proposed tree differs by exactly these changes: " + PlanView.summary(plan));
      leftOut(proposal.options());
      context.terminal().println("");
      if (!autoApprove) {
        new Prompt(context).requireYes("Sign?", "signed", input);
      }
      return sign(proposal, path, run);
    }
  }

  /** Who reads a part should know that it is one. */
  private void leftOut(PlanOptions options) {
    if (options.isPartial()) {
      context
          .terminal()
          .println("It is limited to selected entries; other changes in git are not part of it.");
    }
  }

  private int sign(Proposal proposal, Path path, ApplySession run) {
    List<EvmSigner> signers = run.approvers();
    if (signers.isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV304",
          "no approver key",
          "Add --approver keystore:FILE or --approver env:NAME. Nothing was signed."));
    }
    ProposalSigning signing =
        new ProposalSigning(run.connection().ledger(), new Eip712ApprovalVerifier());
    ProposalSigning.Signed signed = noCommit
        ? signing.collect(proposal, signers)
        : signing.sign(proposal, signers, run.writer(), run.steps());
    if (signed.done().isEmpty()) {
      signed.proposal().write(path);
      context
          .terminal()
          .println(
              signed.missing() == 0
                  ? "Signed. No more approvals are needed. To commit: dvault approve " + file
                      + " --relay"
                  : "Signed. " + Quantities.count(signed.missing(), "more approval")
                      + (signed.missing() == 1 ? " is" : " are") + " needed: send " + file
                      + " to another approver.");
      return ExitCode.OK;
    }
    return told(signed, "Approved and committed");
  }

  private int told(ProposalSigning.Signed signed, String what) {
    LedgerEvent.Committed event = signed.done().get().event();
    context
        .terminal()
        .println(what + ": epoch " + event.commit().epoch() + ", block "
            + event.origin().block().number() + ", "
            + Quantities.number(signed.done().get().gasUsed()) + " gas.");
    return ExitCode.OK;
  }
}
