package io.dvault.agent;

import io.dvault.ledger.Anchor;
import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.LedgerException;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.PrintStream;
import java.util.Optional;

/**
 * Holds an anchor against its chain at enrolment, when the chain can be reached: a wrong one is
 * found early, by name.
 */
final class ChainCheck {
  private final PrintStream err;

  ChainCheck(PrintStream err) {
    this.err = err;
  }

  void check(Anchor anchor) {
    EndpointSettings endpoints = EndpointSettings.parse(anchor.rpc(), anchor.quorum());
    try {
      long chain = EvmLedger.chainId(endpoints);
      require(
          chain == anchor.ref().chainId(),
          "the endpoint serves chain " + chain + ", the anchor says "
              + anchor.ref().chainId() + ".");
      compare(anchor, endpoints);
    } catch (LedgerException e) {
      err.println("Warning: the chain cannot be reached; the anchor is pinned unverified. "
          + e.getMessage());
    }
  }

  private static void compare(Anchor anchor, EndpointSettings endpoints) {
    try (Ledger ledger = EvmLedger.open(endpoints, anchor.ref())) {
      Optional<Bytes32> code = ledger.findCodeHash();
      require(
          code.equals(Optional.of(anchor.codeHash())),
          "the code at " + anchor.ref().contract() + " is "
              + code.map(Bytes32::toString).orElse("missing") + ", the anchor says "
              + anchor.codeHash() + ".");
      Optional<Head> head = ledger.findHead(anchor.vault());
      require(head.isPresent(), "the contract does not know vault " + anchor.vault() + ".");
      long version = head.orElseThrow().governanceVersion();
      require(
          version >= anchor.governanceVersion(),
          "governance is at version " + version + ", the anchor says " + anchor.governanceVersion()
              + ".");
      // A later version is followed by its approvals; only the same one can be compared.
      require(
          version > anchor.governanceVersion()
              || ledger.governance(anchor.vault()).equals(anchor.governance()),
          "governance version " + version
              + " has other approvers, guardians or thresholds than the anchor.");
    }
  }

  private static void require(boolean good, String why) {
    if (!good) {
      throw new DiagnosticException(
          Diagnostic.error(
              "DV511",
              "the anchor and the chain disagree",
              capital(why),
              "Print a fresh anchor with `dvault anchor`. If it is the same, an endpoint is wrong: use another one."));
    }
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
