package io.dvault.ledger.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dvault.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class HexTest {
  @Test
  void hex_outOfForm_isMalformed() {
    for (String bad :
        List.of("", "0x", "1", "0xg", "-0x1", "0x" + "f".repeat(65), "0x8000000000000000")) {
      assertThrows(Json.MalformedAnswer.class, () -> Hex.parseQuantity(bad), bad);
    }
    for (String bad : List.of("", "0x1", "12", "0xzz")) {
      assertThrows(Json.MalformedAnswer.class, () -> Hex.parseData(bad), bad);
    }
    assertEquals(Long.MAX_VALUE, Hex.parseQuantity("0x7fffffffffffffff"));
  }
}
