package io.dvault.cli;

import io.dvault.cli.view.ApplyDialog;
import io.dvault.cli.view.ApplyScreen;
import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.PlanView;
import io.dvault.cli.view.Prompt;
import io.dvault.desired.DesiredEntry;
import io.dvault.desired.DesiredState;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerWriter;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.RevocationId;
import io.dvault.model.Spelling;
import io.dvault.plan.PlanOptions;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.registry.EntryStatus;
import io.dvault.workflow.AddressWords;
import io.dvault.workflow.ApplySession;
import io.dvault.workflow.ChainReading;
import io.dvault.workflow.Planning;
import io.dvault.workflow.Rollout;
import io.dvault.workflow.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "revoke",
    description =
        "Revoke entries now: on chain with a guardian's key, otherwise by a commit of the approvers.",
    footer = {
      "",
      "Examples:",
      "  dvault revoke Grant/alice                               on every device",
      "  dvault revoke SshKey/robot@drone-3 --reason compromise",
      "  dvault revoke Grant/alice --by commit --auto-approve"
    })
final class RevokeCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      paramLabel = "ADDRESS",
      arity = "1..*",
      description = "Kind/name@device, or Kind/name for all devices.")
  List<String> addresses = new ArrayList<>();

  @Option(
      names = "--reason",
      paramLabel = "CODE",
      description =
          "Reason in the public summary of the commit; compromise bans the public keys permanently. Default: revoke.")
  String reason = "revoke";

  @Option(
      names = "--by",
      paramLabel = "guardian|commit",
      description = "How to revoke. Default: guardian if the gas key is one, else commit.")
  String by = "";

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
      names = "--identity",
      paramLabel = "FILE",
      description = "Age identity file. Default: DVAULT_IDENTITY.")
  String identity = "";

  @Mixin
  KeyOptions keys = new KeyOptions();

  @Mixin
  GuardOptions guards = new GuardOptions();

  RevokeCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (!Set.of("", "guardian", "commit").contains(by)) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904",
          "--by cannot be \"" + by + "\"",
          "Use guardian or commit. Nothing was changed."));
    }
    String code = code();
    try (ApplySession run = keys.session(context, Workspace.open(context.run()), identity, false)) {
      Set<EntryAddress> chosen = chosen(run.workspace().desired());
      if (by.equals("guardian") || by.isEmpty() && isGuardian(run)) {
        return asGuardian(run, chosen, code);
      }
      run.recover();
      Planning planning = Planning.make(
          run.workspace(),
          run.connection(),
          PlanOptions.revoking(chosen, isCompromise(code)),
          context.clock().instant());
      Rollout.End end = new ApplyDialog(context, run)
          .apply(planning, code, guards.allowed(), !autoApprove, input, PlanView.Detail.GROUPED);
      stillDeclared(run.workspace().desired(), chosen);
      return ExitCode.of(end);
    }
  }

  /** The reason code that bans: what was compromised comes back under no name. */
  static boolean isCompromise(String code) {
    return code.startsWith("compromise");
  }

  /** Upper case and blanks are forgiven: INC-4711 becomes inc-4711. */
  private String code() {
    String code = reason.toLowerCase(Locale.ROOT).strip().replaceAll("[ _.]+", "-");
    if (!code.matches("[a-z][a-z0-9-]{0,31}")) {
      throw new DiagnosticException(
          Diagnostic.error(
              "DV904",
              "--reason cannot be \"" + reason + "\"",
              "Use letters, digits and hyphens, 32 at most. The reason is public. Nothing was changed."));
    }
    return code;
  }

  private Set<EntryAddress> chosen(DesiredState desired) {
    Set<EntryAddress> chosen = new TreeSet<>();
    for (String text : addresses) {
      if (text.contains("@")) {
        chosen.addAll(AddressWords.parse("ADDRESS", List.of(text)));
        continue;
      }
      List<EntryAddress> all = desired.entries().keySet().stream()
          .filter(address -> address.secret().equals(text))
          .toList();
      if (all.isEmpty()) {
        Diagnostic unknown = Diagnostic.error(
            "DV210",
            "there is no entry " + text,
            "It is not declared. For an entry that only the vault still has, use Kind/name@device. Nothing was "
                + "changed.");
        Set<String> known = desired.entries().keySet().stream()
            .map(EntryAddress::secret)
            .collect(Collectors.toSet());
        throw new DiagnosticException(Spelling.nearest(text, known)
            .map(near -> unknown.hinting("did you mean " + near + "?"))
            .orElse(unknown));
      }
      chosen.addAll(all);
    }
    return chosen;
  }

  private boolean isGuardian(ApplySession run) {
    Governance governance =
        run.connection().ledger().governance(run.connection().vault());
    EvmSigner gas = run.gas();
    return governance.guardians().contains(gas.address());
  }

  private int asGuardian(ApplySession run, Set<EntryAddress> chosen, String code) {
    RegistrySnapshot registry =
        ChainReading.registry(run.connection(), run.connection().head());
    List<RevocationId> ids = new ArrayList<>();
    for (EntryAddress address : chosen) {
      ids.addAll(active(run.workspace().desired(), registry, address));
    }
    ids.removeAll(run.connection().ledger().revoked(run.connection().vault(), ids));
    if (ids.isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV313",
          "nothing to revoke",
          "None of these is active in the vault: "
              + chosen.stream().map(Object::toString).collect(Collectors.joining(", ")) + ".",
          "Nothing was changed."));
    }
    String these = chosen.stream().limit(3).map(Object::toString).collect(Collectors.joining(", "))
        + (chosen.size() > 3 ? " and " + (chosen.size() - 3) + " more" : "");
    if (!autoApprove) {
      new Prompt(context).requireYes("Revoke " + these + "?", "revoked", input);
    }
    run.interruption().sending();
    try (LedgerWriter writer = run.writer().get()) {
      writer.revoke(run.connection().vault(), ids);
      context
          .terminal()
          .println("Revoked on chain by guardian " + ApplyScreen.shown(writer.sender()) + ": "
              + these + ". Devices remove it at their next look.");
    }
    if (isCompromise(code)) {
      context
          .terminal()
          .println("To ban its key for other entries too, ask the approvers to run: dvault revoke "
              + String.join(" ", addresses) + " --by commit --reason " + code);
    }
    stillDeclared(run.workspace().desired(), chosen);
    return ExitCode.OK;
  }

  private static List<RevocationId> active(
      DesiredState desired, RegistrySnapshot registry, EntryAddress address) {
    EntryId id = desired.idOf(address);
    return registry.devices().values().stream()
        .flatMap(device -> java.util.Optional.ofNullable(device.entries().get(id)).stream())
        .filter(record -> record.status() == EntryStatus.ACTIVE)
        .map(record -> RevocationId.of(id, record.generation()))
        .toList();
  }

  private void stillDeclared(DesiredState desired, Set<EntryAddress> chosen) {
    Set<String> places = chosen.stream()
        .flatMap(address -> desired.findEntry(address).stream())
        .map(DesiredEntry::template)
        .map(template -> template.position().file())
        .collect(Collectors.toCollection(TreeSet::new));
    if (!places.isEmpty()) {
      context
          .terminal()
          .println("Still declared in " + String.join(", ", places)
              + ": remove it there, or the next apply issues it again.");
    }
  }
}
