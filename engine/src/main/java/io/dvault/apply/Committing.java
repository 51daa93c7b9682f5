package io.dvault.apply;

import io.dvault.ledger.Approval;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.LedgerWriter;
import io.dvault.ledger.LedgerWriter.CommitResult;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.VaultId;
import io.dvault.registry.Acts;
import io.dvault.registry.GitCommit;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;

/** Sends a commit, and says in words why it did not come to pass. */
final class Committing {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

  private Committing() {}

  static CommitResult.Done send(
      LedgerWriter writer, Ledger ledger, Commit commit, List<Approval> approvals) {
    return switch (writer.commit(commit, approvals)) {
      case CommitResult.Done done -> done;
      case CommitResult.Stale stale -> throw movedOn(ledger, commit.epoch() - 1, stale.head());
      case CommitResult.Refused refused ->
        throw new DiagnosticException(Diagnostic.error(
            "DV303",
            "the contract refused the commit",
            refused.error() + ": " + refused.detail(),
            "Nothing was changed."));
    };
  }

  /** docs/screens.md, "apply": a race that was lost. */
  static DiagnosticException movedOn(Ledger ledger, long planned, Head head) {
    return new DiagnosticException(Diagnostic.error(
        "DV301",
        "the vault moved on while you applied",
        "You planned on epoch " + planned + "; " + there(ledger, head) + ".",
        "Nothing was changed. Run `dvault plan` again."));
  }

  /** The same for a proposal, which may be older. */
  static DiagnosticException proposalIsOld(Ledger ledger, long planned, Head head) {
    return new DiagnosticException(
        Diagnostic.error(
            "DV301",
            "the vault moved on since the proposal was made",
            "It builds on epoch " + planned + "; " + there(ledger, head) + ".",
            "Nothing was signed. If it is still needed, ask its proposer to run `dvault apply` again."));
  }

  private static String there(Ledger ledger, Head head) {
    return "epoch " + head.epoch()
        + ledger
            .findCommit(head.vault(), head.committedAt())
            .map(event -> " was committed at "
                + TIME.format(event.origin().block().time()) + " by " + signers(event) + git(event))
            .orElse(" is there now");
  }

  private static String signers(LedgerEvent.Committed event) {
    List<Approval> approvals = event.approvals();
    return approvals.stream()
        .map(Approval::signer)
        .map(Committing::shown)
        .collect(Collectors.joining(", "));
  }

  private static String shown(EvmAddress address) {
    String checksummed = EvmKeys.checksummed(address);
    return checksummed.substring(0, 6) + "…" + checksummed.substring(38);
  }

  private static String git(LedgerEvent.Committed event) {
    try {
      String commit = Acts.decode(event.commit().acts()).commit();
      return commit.isEmpty() ? "" : " (git " + GitCommit.abbreviated(commit) + ")";
    } catch (io.dvault.cbor.MalformedCborException e) {
      return " (unreadable summary)"; // approved by others: nothing that this run can mend
    }
  }

  static Head head(Ledger ledger, VaultId vault) {
    return ledger
        .findHead(vault)
        .orElseThrow(
            () -> new DiagnosticException(
                Diagnostic.error(
                    "DV310",
                    "there is no such vault on this chain",
                    "No vault " + vault + " at contract " + ledger.ref().contract() + " on chain "
                        + ledger.ref().chainId() + ".",
                    "Check spec.id and spec.chain in vault.yaml. A devnet restarted without --state has no vaults.")));
  }
}
