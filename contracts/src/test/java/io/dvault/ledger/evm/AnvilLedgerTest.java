package io.dvault.ledger.evm;

import io.dvault.ledger.testing.LedgerConformance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class AnvilLedgerTest implements LedgerConformance {
  private static AnvilProcess anvil;

  @BeforeAll
  static void start() {
    anvil = AnvilProcess.start(AnvilProcess.Options.defaults());
  }

  @AfterAll
  static void stop() {
    anvil.close();
  }

  @Override
  public EndpointSettings endpoint() {
    return anvil.endpoint();
  }
}
