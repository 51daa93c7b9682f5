package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.HoldingsView;
import io.dvault.cli.view.SavedPlanView;
import io.dvault.cli.view.TerminalText;
import io.dvault.config.Effective;
import io.dvault.desired.DesiredEntry;
import io.dvault.desired.DesiredState;
import io.dvault.ledger.Head;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Durations;
import io.dvault.model.EntryAddress;
import io.dvault.model.SourcePosition;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.plan.SavedPlan;
import io.dvault.spi.EntryTemplate;
import io.dvault.workflow.AddressWords;
import io.dvault.workflow.ChainReading;
import io.dvault.workflow.UserCache;
import io.dvault.workflow.VaultConnection;
import io.dvault.workflow.Workspace;
import java.nio.file.Files;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "Show what the vault holds, one entry of it, or a saved plan.",
    footer = {
      "",
      "Examples:",
      "  dvault show",
      "  dvault show SshCertificate/sshd-host@drone-7",
      "  dvault show SshCertificate/sshd-host@drone-7 --effective     each value and the line that declares it; "
          + "offline",
      "  dvault show change.plan                      the whole plan; add -json for JSON",
      "  dvault show -json"
    })
final class ShowCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      arity = "0..1",
      paramLabel = "ADDRESS|PLAN",
      description = "An entry (Kind/name@device) or a saved plan.")
  String what = "";

  @Option(
      names = "--effective",
      description = "Show each value of the entry and where it is declared.")
  boolean effective;

  @Option(names = "--json", description = "Print as JSON.")
  boolean json;

  @Mixin
  RefOption ref = new RefOption();

  ShowCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (!what.isEmpty() && Files.isRegularFile(context.resolve(what))) {
      SavedPlan saved = SavedPlan.read(context.resolve(what));
      if (json) {
        context.terminal().println(saved.document().toPrettyString());
      } else {
        new SavedPlanView(context.terminal()).print(saved, what);
      }
    } else if (effective) {
      effective(Workspace.open(context.run(), ref.revision()));
    } else {
      vault(Workspace.open(context.run(), ref.revision()));
    }
    return ExitCode.OK;
  }

  private Optional<EntryAddress> address() {
    return what.isEmpty()
        ? Optional.empty()
        : Optional.of(
            AddressWords.parse("ADDRESS|PLAN", List.of(what)).iterator().next());
  }

  private void effective(Workspace workspace) {
    DesiredState desired = workspace.desired();
    EntryAddress address = address()
        .orElseThrow(() -> new DiagnosticException(Diagnostic.error(
            "DV903", "--effective needs an entry", "dvault show Kind/name@device --effective")));
    EntryTemplate template = desired
        .findEntry(address)
        .map(DesiredEntry::template)
        .orElseThrow(() -> new DiagnosticException(Diagnostic.error(
            "DV210",
            "there is no entry " + address,
            "It is not declared. Run `dvault plan` to list entries.")));
    Map<String, Row> rows = new LinkedHashMap<>();
    for (Effective.Value value : Effective.of(workspace.view(), desired, template)) {
      rows.put(
          value.field(),
          new Row(shortened(value.value()), Optional.of(value.from()), value.byDefault()));
    }
    rows.putIfAbsent("spec.ttl", new Row(Durations.exact(template.ttl()), Optional.empty(), true));
    rows.putIfAbsent(
        "spec.renewBefore",
        new Row(Durations.exact(template.renewBefore()), Optional.empty(), true));
    context.terminal().println(address.toString());
    context.terminal().println("");
    int name = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
    int value =
        rows.values().stream().mapToInt(row -> row.value().length()).max().orElse(0);
    rows.forEach((field, row) -> context
        .terminal()
        .println(
            "  " + padded(field, name) + "  " + padded(row.value(), value) + "  " + row.origin()));
  }

  /** @param byDefault whether the object itself says nothing of it */
  private record Row(String value, Optional<SourcePosition> from, boolean byDefault) {
    String origin() {
      return from.map(place -> place + (byDefault ? ", default of the vault" : ""))
          .orElse("default of the kind");
    }
  }

  private static String shortened(String text) {
    String clean = TerminalText.clean(text);
    return clean.length() <= 48 ? clean : clean.substring(0, 47) + "…";
  }

  private static String padded(String text, int width) {
    return text.length() >= width ? text : text + " ".repeat(width - text.length());
  }

  private void vault(Workspace workspace) {
    DesiredState desired = workspace.desired();
    Optional<EntryAddress> only = address();
    try (VaultConnection connection =
        VaultConnection.open(desired.vault()).keeping(UserCache.of(context.run()))) {
      Head head = connection.head();
      RegistrySnapshot registry = ChainReading.registry(connection, head);
      Instant now = context.clock().instant();
      HoldingsView view = new HoldingsView(
          workspace,
          registry,
          head,
          ChainReading.guardianRevoked(connection.ledger(), head, registry),
          now);
      if (only.isPresent() && view.find(only.get()).isEmpty()) {
        throw new DiagnosticException(Diagnostic.error(
            "DV210",
            "there is no entry " + only.get(),
            "The vault does not hold it. Run `dvault show` to list entries."));
      }
      if (json) {
        context.terminal().println(view.json(only).toPrettyString());
      } else {
        view.print(context.terminal(), only);
      }
    }
  }
}
