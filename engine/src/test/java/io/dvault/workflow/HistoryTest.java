package io.dvault.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.evm.AnvilProcess;
import io.dvault.ledger.evm.Eip712ApprovalVerifier;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.ledger.testing.LyingRpcProxy;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an endpoint leaves out of a vault's history is missed. */
@Tag("O1")
@Tag("T2")
class HistoryTest {
  private static RevocationId id(String name) {
    return new RevocationId(Bytes32.sha256(name));
  }

  @Test
  void read_revocationsLeftOut_areMissed() throws IOException {
    try (AnvilProcess chain = AnvilProcess.start(AnvilProcess.Options.defaults());
        VaultFixture fixture = VaultFixture.create(chain.endpoint(), 1, 1);
        LyingRpcProxy proxy = new LyingRpcProxy(chain.rpc());
        EvmLedger ledger = EvmLedger.open(proxy.endpoint(), fixture.ref())) {
      fixture.writer().revoke(fixture.vault(), List.of(id("one")));
      long first = fixture.head().revokedAt();
      fixture.commit(Bytes32.sha256("root"));
      fixture.writer().revoke(fixture.vault(), List.of(id("two"), id("three")));
      Head head = fixture.head();

      History whole = History.read(ledger, new Eip712ApprovalVerifier(), head, 10);
      assertEquals(
          2,
          whole.others().stream().filter(LedgerEvent.Revoked.class::isInstance).count());
      assertEquals(List.of(), missed(whole));

      proxy.dropLogs();
      assertEquals(
          List.of("a revocation in block " + head.revokedAt()
              + " is missing: the endpoint does not give it"),
          missed(History.read(ledger, new Eip712ApprovalVerifier(), head, 10)));
      proxy.beHonest();

      String link = "%064x".formatted(first); // as if the last one were the first
      proxy.alterText("eth_getLogs", text -> text.replace(link, "%064x".formatted(first - 1)));
      assertEquals(
          List.of("a revocation in block " + (first - 1)
              + " is missing: the endpoint does not give it"),
          missed(History.read(ledger, new Eip712ApprovalVerifier(), head, 10)));
    }
  }

  private static List<String> missed(History history) {
    return history.faults().stream().filter(each -> each.contains("revocation")).toList();
  }
}
