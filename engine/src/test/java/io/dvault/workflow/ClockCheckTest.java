package io.dvault.workflow;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cli.DevnetKeyTest;
import io.dvault.cli.ScriptRun;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.evm.AnvilProcess;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.model.Bytes32;
import io.dvault.model.DiagnosticException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An admin's clock that is wrong, against a chain that is not the devnet's. */
@Tag("I9")
class ClockCheckTest {
  private static final EvmAddress NOWHERE = EvmAddress.parse("0x" + "00".repeat(20));

  @Test
  void require_clockAheadOrBehind_isRefused_andAnIdleChainIsNoReason() {
    AnvilProcess.Options options =
        new AnvilProcess.Options(0, Optional.empty(), 4242, Optional.empty());
    try (AnvilProcess chain = AnvilProcess.start(options);
        EvmLedger ledger = EvmLedger.open(chain.endpoint(), new LedgerRef(4242, NOWHERE))) {
      Instant now = Instant.now();
      Instant newest = ledger.latestBlock().time();
      for (Instant wrong : List.of(
          now.plus(Duration.ofDays(400)), now.minus(Duration.ofMinutes(6)), Instant.EPOCH)) {
        DiagnosticException e = assertThrows(
            DiagnosticException.class, () -> ClockCheck.require(wrong, newest, ledger::now));
        assertEquals("DV319", e.diagnostics().getFirst().code());
        String said = e.diagnostics().getFirst().detail().getFirst();
        assertTrue(said.contains("on the chain " + now.toString().substring(0, 10)), said);
      }
      assertDoesNotThrow(() -> ClockCheck.require(now, newest, ledger::now));
      Instant idleForYears = now.minus(Duration.ofDays(1000));
      assertDoesNotThrow(
          () -> ClockCheck.require(now, idleForYears, ledger::now),
          "the node's own clock is asked");
    }
  }

  @Test
  void plan_onceTheClockGoesWrong_isRefused(@TempDir Path folder) throws Exception {
    try (AnvilProcess chain =
            AnvilProcess.start(AnvilProcess.Options.defaults().withChainId(4242));
        ScriptRun run = new ScriptRun(folder)) {
      String own = Bytes32.sha256(folder.toString()).hex();
      DevnetKeyTest.fund(chain.rpc(), EvmKeys.ofHex(own, "test").address());
      run.environment("OWN", own);
      String rpc = chain.rpc().toString();
      String contract = DevnetKeyTest.deploy(run, rpc);
      assertEquals(
          0,
          run.dvault(
              List.of(),
              "init",
              "--rpc",
              rpc,
              "--contract",
              contract,
              "--gateway",
              "http://127.0.0.1:1",
              "--name",
              "fleet",
              "--approver",
              "env:OWN",
              "--gas",
              "env:OWN"),
          run::output);
      assertEquals(0, run.dvault(List.of(), "plan"), run::output);
      run.play("| later 6m\n");
      assertEquals(1, run.dvault(List.of(), "plan"), run::output);
      assertTrue(run.output().contains("[DV319]"), run::output);
    }
  }
}
