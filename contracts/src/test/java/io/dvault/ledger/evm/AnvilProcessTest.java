package io.dvault.ledger.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.ledger.Head;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnvilProcessTest {
  @TempDir
  Path folder;

  @Test
  void start_onAFreePort_answersUntilClosed() {
    AnvilProcess anvil = AnvilProcess.start(AnvilProcess.Options.defaults());

    assertTrue(anvil.isAlive());
    assertEquals(EvmKeys.DEVNET_CHAIN_ID, EvmLedger.chainId(anvil.endpoint()));
    assertTrue(anvil.version().matches("anvil \\d+\\.\\d+\\.\\d+"), anvil.version());
    anvil.close();
    assertFalse(anvil.isAlive());
  }

  @Test
  void start_withStateFile_goesOnWhereItEnded() {
    AnvilProcess.Options options =
        AnvilProcess.Options.defaults().withState(folder.resolve("chain.json"));
    Head before;
    VaultFixture fixture;
    try (AnvilProcess anvil = AnvilProcess.start(options)) {
      fixture = VaultFixture.create(anvil.endpoint(), 1, 1);
      fixture.commit(Bytes32.sha256("root 1"));
      fixture.commit(Bytes32.sha256("root 2"));
      before = fixture.head();
    }
    try (AnvilProcess anvil = AnvilProcess.start(options);
        EvmLedger ledger = EvmLedger.open(anvil.endpoint(), fixture.ref())) {
      Head after = ledger.findHead(fixture.vault()).orElseThrow();
      assertEquals(before.root(), after.root());
      assertEquals(2, ledger.history(after, 10).size());
      assertTrue(ContractDeployment.deploy(anvil.endpoint(), fixture.gas()).alreadyThere());
    }
  }

  @Test
  void start_portTaken_isADiagnostic() {
    try (AnvilProcess anvil = AnvilProcess.start(AnvilProcess.Options.defaults())) {
      AnvilProcess.Options same =
          AnvilProcess.Options.defaults().withPort(anvil.rpc().getPort());

      Diagnostic diagnostic = assertThrows(
              DiagnosticException.class, () -> AnvilProcess.start(same))
          .diagnostics()
          .getFirst();

      assertEquals("DV702", diagnostic.code());
      assertTrue(
          diagnostic.detail().getFirst().contains("is taken"),
          diagnostic.detail().toString());
    }
  }
}
