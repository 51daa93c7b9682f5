package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.desired.VaultSettings;
import io.dvault.ledger.Anchor;
import io.dvault.ledger.AnchorYaml;
import io.dvault.ledger.Head;
import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.workflow.VaultConnection;
import io.dvault.workflow.Workspace;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "anchor",
    description =
        "Print the anchor that a device pins at enrollment: chain, contract, vault, approvers. Contains no secrets.",
    footer = {"", "Examples:", "  dvault anchor > .dvault/anchor.yaml     copy it to the device"})
final class AnchorCommand implements Callable<Integer> {
  private final CommandContext context;

  AnchorCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    VaultSettings settings = Workspace.open(context.run()).settings();
    try (VaultConnection connection = VaultConnection.open(settings)) {
      Head head = connection.head();
      Bytes32 codeHash = connection
          .ledger()
          .findCodeHash()
          .orElseThrow(() -> new DiagnosticException(
              Diagnostic.error("DV732", "there is no contract at this address")
                  .at(settings.position())));
      if (!connection.evm().codeMatchesSource()) {
        throw new DiagnosticException(Diagnostic.error(
                "DV733",
                "the contract code does not match the published source",
                "Do not pin it on devices: nobody reviewed this code.")
            .at(settings.position()));
      }
      Anchor anchor = new Anchor(
          settings.name(),
          connection.vault(),
          connection.ledger().ref(),
          codeHash,
          settings.rpc().stream().map(URI::toString).toList(),
          1,
          settings.gateways().stream().map(URI::toString).toList(),
          head.governanceVersion(),
          connection.ledger().governance(connection.vault()));
      context.terminal().out().print(AnchorYaml.write(anchor));
      context.terminal().out().flush();
    }
    return ExitCode.OK;
  }
}
