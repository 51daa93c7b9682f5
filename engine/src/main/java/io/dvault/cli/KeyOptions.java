package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.workflow.ApplySession;
import io.dvault.workflow.KeyReferences;
import io.dvault.workflow.Workspace;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * Where the keys of the admin side are; docs/architecture.md, "Keys of the admin side". A reference
 * is env:NAME, keystore:FILE or devnet:N.
 */
final class KeyOptions {
  @Option(
      names = "--approver",
      paramLabel = "KEY",
      description =
          "Approver key: env:NAME, keystore:FILE or devnet:N. Repeatable. Default: DVAULT_APPROVER, or devnet:0 "
              + "on a devnet.")
  List<String> approvers = new ArrayList<>();

  @Option(
      names = "--gas",
      paramLabel = "KEY",
      description = "Key that pays for transactions. Default: DVAULT_GAS, or devnet:0 on a devnet.")
  String gas = "";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "File with the keystore password. Default: DVAULT_KEYSTORE_PASSWORD.")
  String passwordFile = "";

  /** A session with these keys, which shows itself to whom the command runs for. */
  ApplySession session(
      CommandContext context, Workspace workspace, String identity, boolean commands) {
    return new ApplySession(
        context.run(), context.applyListener(), workspace, references(), identity, commands);
  }

  KeyReferences references() {
    return new KeyReferences(approvers, gas, passwordFile);
  }
}
