package io.dvault.workflow;

import io.dvault.dag.BlockUnavailableException;
import io.dvault.ledger.LedgerException;
import io.dvault.model.Diagnostic;
import io.dvault.spi.FileFailure;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** EnvironmentFailures of the environment that no command turned into a diagnostic of its own. */
public final class EnvironmentFailures {
  private EnvironmentFailures() {}

  /** Empty: it is a bug. */
  public static Optional<Diagnostic> expected(Throwable failure) {
    return switch (failure) {
      case LedgerException chain -> Optional.of(chain(chain));
      case BlockUnavailableException block ->
        Optional.of(Diagnostic.error("DV401", "a block is not available", blockLines(block)));
      case UncheckedIOException io ->
        Optional.of(Diagnostic.error(
            "DV906",
            "a file or connection failed",
            FileFailure.words(io.getCause()) + ".",
            "Nothing more was done."));
      default -> Optional.empty();
    };
  }

  private static Diagnostic chain(LedgerException failure) {
    return switch (failure.fault()) {
      case ENDPOINT ->
        Diagnostic.error(
            "DV302",
            "no valid response from the chain",
            failure.getMessage(),
            "Check the URL (--rpc, or chain.rpc in vault.yaml), or start a local chain with `dvault devnet`.");
      case OTHER_CHAIN ->
        Diagnostic.error(
            "DV314",
            "the endpoint serves another chain",
            failure.getMessage(),
            "Compare chain.id with chain.rpc in vault.yaml. Nothing was changed.");
      case NO_CONTRACT ->
        Diagnostic.error(
            "DV732",
            "there is no dVault contract at this address",
            failure.getMessage(),
            "Compare chain.contract in vault.yaml with the output of `dvault contract deploy`. A devnet "
                + "restarted without --state is empty.");
    };
  }

  private static String[] blockLines(BlockUnavailableException block) {
    List<String> lines = new ArrayList<>(List.of("Block " + block.cid() + " was requested from:"));
    block.attempts().forEach(attempt -> lines.add("  " + attempt));
    lines.add("Check blocks.gateways in vault.yaml; a local gateway runs inside `dvault devnet`.");
    return lines.toArray(String[]::new);
  }
}
