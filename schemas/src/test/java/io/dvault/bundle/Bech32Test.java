package io.dvault.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Bech32Test {
  @Test
  void decode_encoded_givesDataBack() {
    for (int length = 0; length < 1300; length += 7) {
      byte[] data = new byte[length];
      new TestRandom().nextBytes(data);
      Bech32.Decoded decoded = Bech32.decode(new String(Bech32.encode("age1pq", data), StandardCharsets.US_ASCII));
      assertEquals("age1pq", decoded.prefix());
      assertArrayEquals(data, decoded.data());
    }
  }

  /** BIP 173, "valid Bech32": those that are lower case and whose data is whole bytes with zero padding. */
  @ParameterizedTest
  @ValueSource(strings = {
    "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
    "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
    "?1ezyfcl",
  })
  void decode_bip173Valid_reencodesTheSame(String text) {
    Bech32.Decoded decoded = Bech32.decode(text);
    assertEquals(text, new String(Bech32.encode(decoded.prefix(), decoded.data()), StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(strings = {
    " 1nwldj5", "pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "10a06t8", "1qzzfhee", "",
    "split1cheo2y9e2w", "split1a2y9w", "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3x",
    "abcdef1Qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "ABCDEF1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LMQQQXW", "a12uel5\u00e9",
  })
  void decode_invalid_isRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Bech32.decode(text));
  }

  @Test
  void recipient_hybridFromAge_printsAsParsed() {
    String text = Identity.generate(new TestRandom()).recipient().toString();
    assertTrue(text.startsWith("age1pq1"));
    assertEquals(1959, text.length());
    Recipient recipient = Recipient.parse(text);
    assertEquals(text, recipient.toString());
    assertTrue(recipient.isPostQuantum());
    assertEquals(Identity.generate(new TestRandom()).recipient(), recipient);
  }

  @Test
  void recipient_oneCharacterChanged_isRefused() {
    String text = Identity.generateClassic(new TestRandom()).recipient().toString();
    assertFalse(Recipient.parse(text).isPostQuantum());
    for (int i = 0; i < text.length(); i++) {
      String changed = text.substring(0, i) + (text.charAt(i) == 'q' ? 'p' : 'q') + text.substring(i + 1);
      assertThrows(IllegalArgumentException.class, () -> Recipient.parse(changed));
    }
  }

  @Test
  void recipient_privateKeyByMistake_isNotRepeated() {
    try (Identity identity = Identity.generate(new TestRandom()); var secret = identity.encode()) {
      String text = new String(secret.borrow(), StandardCharsets.US_ASCII);
      var refused = assertThrows(IllegalArgumentException.class, () -> Recipient.parse(text));
      assertFalse(refused.getMessage().contains(text.substring(20)));
      assertTrue(refused.getMessage().contains("private key"));
    }
  }

  @Test
  void recipient_lowOrderOrBadModulus_isRefused() {
    byte[] zero = new byte[32];
    String low = new String(Bech32.encode("age", zero), StandardCharsets.US_ASCII);
    assertThrows(IllegalArgumentException.class, () -> Recipient.parse(low));
    byte[] key = new byte[1216];
    java.util.Arrays.fill(key, 0, 1184, (byte) 0xff); // coefficients of 4095, past the modulus 3329
    key[1184] = 9;
    String bad = new String(Bech32.encode("age1pq", key), StandardCharsets.US_ASCII);
    assertThrows(IllegalArgumentException.class, () -> Recipient.parse(bad));
  }

  @Test
  void identity_lowerCase_isRefused() {
    try (Identity identity = Identity.generate(new TestRandom()); var secret = identity.encode()) {
      String text = new String(secret.borrow(), StandardCharsets.US_ASCII);
      assertTrue(text.startsWith("AGE-SECRET-KEY-PQ-1"));
      assertThrows(IllegalArgumentException.class, () -> Identity.parse(text.toLowerCase(java.util.Locale.ROOT)));
      try (Identity parsed = Identity.parse(text)) {
        assertEquals(identity.recipient(), parsed.recipient());
      }
    }
  }
}
