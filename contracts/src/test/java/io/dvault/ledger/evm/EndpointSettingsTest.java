package io.dvault.ledger.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.ledger.LedgerException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class EndpointSettingsTest {
  @Test
  void parse_badUrl_saysWhatIsWrong() {
    for (String bad : List.of(
        "",
        "localhost:8545",
        "ws://127.0.0.1:8545",
        "http://",
        "http://a b",
        "file:///etc/passwd",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:0")) {
      LedgerException failure =
          assertThrows(LedgerException.class, () -> EndpointSettings.parse(List.of(bad), 1), bad);
      assertTrue(failure.getMessage().matches("(?s).*(URL|port).*"), failure.getMessage());
    }
    assertThrows(LedgerException.class, () -> EndpointSettings.parse(List.of(), 1));
    assertThrows(LedgerException.class, () -> EndpointSettings.parse(List.of("http://a"), 2));
    assertThrows(LedgerException.class, () -> EndpointSettings.parse(List.of("http://a"), 0));
    assertThrows(
        LedgerException.class, () -> EndpointSettings.parse(List.of("http://a", "http://a"), 1));
  }

  @Test
  @Tag("T27")
  void redacted_keysInUserInfoPathOrQuery_areNotShown() {
    URI url = URI.create("https://user:pass@rpc.example.org/v3/0123456789abcdef0123?key=secret");

    assertEquals("https://rpc.example.org/v3/…?…", EndpointSettings.redacted(url));
    assertEquals(
        "http://127.0.0.1:8545", EndpointSettings.redacted(URI.create("http://127.0.0.1:8545")));
  }

  @Test
  @Tag("T37")
  void onLoopback_namesThatOnlyLookLocal_areNot() {
    for (String local :
        List.of("http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "http://127.9.9.9")) {
      assertTrue(EndpointSettings.parse(List.of(local), 1).onLoopback(), local);
    }
    for (String remote : List.of(
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://10.0.0.1",
        "http://0.0.0.0:1",
        "http://128.0.0.1")) {
      assertFalse(EndpointSettings.parse(List.of(remote), 1).onLoopback(), remote);
    }
  }
}
