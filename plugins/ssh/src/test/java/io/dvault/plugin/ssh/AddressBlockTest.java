package io.dvault.plugin.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/8",
        "0.0.0.0/0",
        "192.0.2.7",
        "192.0.2.7/32",
        "192.0.2.128/25",
        "2001:db8::/32",
        "::/0",
        "fe80::1",
        "2001:db8::7/128",
        "2001:db8:8000::/33"
      })
  void fault_whatSshdMatches_none(String text) {
    assertEquals(Optional.empty(), AddressBlock.fault(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0",
        "256.1.1.1",
        "010.0.0.1",
        "abc",
        "fe80",
        "host.example",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "10.0.0.0/8/8",
        "10.0.0.0/-1",
        "2001:db8::/129",
        "1::2::3",
        ":",
        "10.0.0.0/8,192.0.2.1",
        "*.example"
      })
  void fault_anythingElse_told(String text) {
    assertTrue(AddressBlock.fault(text).isPresent(), text);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3/8, 10.0.0.0/8",
    "192.0.2.129/25, 192.0.2.128/25",
    "2001:db8::7/32, 2001:db8:0:0:0:0:0:0/32"
  })
  void fault_bitsBeyondTheLength_namesTheBlock(String text, String block) {
    assertTrue(
        AddressBlock.fault(text).orElseThrow().endsWith("The block is " + block + "."),
        AddressBlock.fault(text)::toString);
  }
}
