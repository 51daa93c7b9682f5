package io.dvault.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Bytes32Test {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void sha256_ofAbc_isTheKnownDigest() {
    assertEquals(ABC, Bytes32.sha256("abc").hex()); // FIPS 180-2, appendix B.1
  }

  @Test
  void sha256_afterOneThatBrokeOff_isTheSame() {
    byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
    assertThrows(RuntimeException.class, () -> Bytes32.sha256(abc, null));
    assertEquals(ABC, Bytes32.sha256(abc).hex());
    assertThrows(RuntimeException.class, () -> Bytes32.sha256(abc, 1, 3));
    assertEquals(ABC, Bytes32.sha256(abc, 0, 3).hex());
  }

  @Test
  void parse_withAndWithoutPrefix_isTheSame() {
    assertEquals(Bytes32.parse(ABC), Bytes32.parse("0x" + ABC));
  }

  @Test
  void parse_wrongLength_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> Bytes32.parse(ABC.substring(2)));
  }

  @Test
  void compareTo_highBit_isUnsigned() {
    Bytes32 high = Bytes32.parse("ff" + ABC.substring(2));
    assertEquals(1, Integer.signum(high.compareTo(Bytes32.parse(ABC))));
  }
}
