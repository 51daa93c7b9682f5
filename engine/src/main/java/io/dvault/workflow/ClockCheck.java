package io.dvault.workflow;

import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/**
 * Holds this machine's clock against the chain's: lifetimes start from it, and five minutes of access that start a year
 * ahead last a year and five minutes. A devnet's time is a plaything and is not asked.
 */
final class ClockCheck {
  private static final Duration TOLERATED = Duration.ofMinutes(5);

  private ClockCheck() {}

  static void require(Instant now, Instant newestBlock, VaultConnection connection) {
    require(now, newestBlock, connection.endpoints(), connection.evm());
  }

  static void require(
      Instant now, Instant newestBlock, EndpointSettings endpoints, EvmLedger ledger) {
    if (ledger.ref().chainId() != EvmKeys.DEVNET_CHAIN_ID || !endpoints.onLoopback()) {
      require(now, newestBlock, ledger::now);
    }
  }

  /** @param chain asked only when the newest block, which may be old, says too little */
  static void require(Instant now, Instant newestBlock, Supplier<Instant> chain) {
    if (!isNear(now, newestBlock)) {
      Instant there = chain.get();
      if (!isNear(now, there)) {
        throw new DiagnosticException(Diagnostic.error(
            "DV319",
            "this machine's clock and the chain's differ",
            "Here it is " + now.truncatedTo(ChronoUnit.SECONDS) + ", on the chain " + there + ".",
            "Lifetimes start from this clock. Set it (chrony, systemd-timesyncd), or use an endpoint that is in sync.",
            "Nothing was changed."));
      }
    }
  }

  private static boolean isNear(Instant one, Instant other) {
    return Duration.between(one, other).abs().compareTo(TOLERATED) <= 0;
  }
}
