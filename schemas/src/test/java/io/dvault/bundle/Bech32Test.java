package io.dvault.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Bech32Test {
  @Test
  void decode_encoded_givesDataBack() {
    for (int length = 0; length < 1300; length += 7) {
      byte[] data = new byte[length];
      new TestRandom().nextBytes(data);
      Bech32.Decoded decoded =
          Bech32.decode(new String(Bech32.encode("age1pq", data), StandardCharsets.US_ASCII));
      assertEquals("age1pq", decoded.prefix());
      assertArrayEquals(data, decoded.data());
    }
  }

  @Test
  void decode_hybridWithAnyCharacterChanged_isRefused() {
    TestRandom random = new TestRandom();
    byte[] data = new byte[XWing.PUBLIC_KEY_LENGTH];
    random.nextBytes(data);
    String text = new String(Bech32.encode("age1pq", data), StandardCharsets.US_ASCII);
    assertArrayEquals(data, Bech32.decode(text).data());
    for (int i = 7; i < text.length(); i++) {
      assertRefused("checksum", text, i, text.charAt(i) == 'q' ? 'p' : 'q');
      assertRefused("character " + (i + 1) + " is not of the bech32 alphabet", text, i, 'b');
      assertRefused("lower case; character " + (i + 1), text, i, 'Q');
      assertRefused("character " + (i + 1) + " is not printable", text, i, '\u007f');
    }
  }

  private static void assertRefused(String why, String text, int at, char changed) {
    String damaged = text.substring(0, at) + changed + text.substring(at + 1);
    String message = assertThrows(IllegalArgumentException.class, () -> Bech32.decode(damaged))
        .getMessage();
    assertTrue(message.contains(why), message);
  }

  /** With the right checksum, by BIP 173's own way to make it. */
  @Test
  void decode_hybridWithBitsInItsPadding_isRefused() {
    int[] values = new int[1946];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 7 % 32;
    }
    for (int padding = 0; padding < 4; padding++) {
      values[1945] = 8 | padding;
      String text = bip173("age1pq", values);
      if (padding == 0) {
        byte[] data = Bech32.decode(text).data();
        assertEquals(text, new String(Bech32.encode("age1pq", data), StandardCharsets.US_ASCII));
      } else {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Bech32.decode(text))
            .getMessage()
            .contains("padding"));
      }
    }
  }

  /** As BIP 173 writes it down in Python. */
  private static String bip173(String prefix, int[] values) {
    List<Integer> all = new ArrayList<>();
    prefix.chars().forEach(c -> all.add(c >> 5));
    all.add(0);
    prefix.chars().forEach(c -> all.add(c & 31));
    Arrays.stream(values).forEach(all::add);
    all.addAll(List.of(0, 0, 0, 0, 0, 0));
    int[] generator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    int check = 1;
    for (int value : all) {
      int top = check >> 25;
      check = (check & 0x1ffffff) << 5 ^ value;
      for (int i = 0; i < 5; i++) {
        check ^= (top >> i & 1) == 1 ? generator[i] : 0;
      }
    }
    StringBuilder text = new StringBuilder(prefix + '1');
    Arrays.stream(values)
        .forEach(value -> text.append("qpzry9x8gf2tvdw0s3jn54khce6mua7l".charAt(value)));
    for (int i = 0; i < 6; i++) {
      text.append("qpzry9x8gf2tvdw0s3jn54khce6mua7l".charAt((check ^ 1) >> 5 * (5 - i) & 31));
    }
    return text.toString();
  }

  /** BIP 173, "valid Bech32": those that are lower case and whose data is whole bytes with zero padding. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
        "?1ezyfcl",
      })
  void decode_bip173Valid_reencodesTheSame(String text) {
    Bech32.Decoded decoded = Bech32.decode(text);
    assertEquals(
        text,
        new String(Bech32.encode(decoded.prefix(), decoded.data()), StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " 1nwldj5",
        "pzry9x0s0muk",
        "1pzry9x0s0muk",
        "x1b4n0q5v",
        "li1dgmt3",
        "10a06t8",
        "1qzzfhee",
        "",
        "split1cheo2y9e2w",
        "split1a2y9w",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3x",
        "abcdef1Qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "ABCDEF1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LMQQQXW",
        "a12uel5\u00e9",
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
      String changed =
          text.substring(0, i) + (text.charAt(i) == 'q' ? 'p' : 'q') + text.substring(i + 1);
      assertThrows(IllegalArgumentException.class, () -> Recipient.parse(changed));
    }
  }

  @Test
  void recipient_privateKeyByMistake_isNotRepeated() {
    try (Identity identity = Identity.generate(new TestRandom());
        var secret = identity.encode()) {
      String text = new String(secret.borrow(), StandardCharsets.US_ASCII);
      var refused = assertThrows(IllegalArgumentException.class, () -> Recipient.parse(text));
      assertFalse(refused.getMessage().contains(text.substring(20)));
      assertTrue(refused.getMessage().contains("private key"));
    }
  }

  @Test
  void recipient_lowOrderPoint_isRefusedAndNoOtherIs() {
    byte[] secret = new byte[32];
    for (String hex : LowOrder.POINTS) {
      for (int top : new int[] {0, 0x80}) {
        byte[] point = HexFormat.of().parseHex(hex);
        point[31] |= (byte) top;
        assertFalse(X25519.calculateAgreement(new byte[32], 0, point, 0, secret, 0));
        String text = new String(Bech32.encode("age", point), StandardCharsets.US_ASCII);
        assertThrows(IllegalArgumentException.class, () -> Recipient.parse(text));
        point[0] ^= 0x10;
        assertEquals(
            X25519.calculateAgreement(new byte[32], 0, point, 0, secret, 0),
            Recipient.parse(new String(Bech32.encode("age", point), StandardCharsets.US_ASCII))
                != null);
      }
    }
  }

  @Test
  void recipient_hybridWithBadPart_isRefused() {
    byte[] key = Bech32.decode(Identity.generate(new TestRandom()).recipient().toString())
        .data();
    byte[] modulus = key.clone();
    modulus[3] = (byte) 0xff; // with the next half byte a coefficient past 3328
    modulus[4] |= 0x0f;
    byte[] lowOrder = key.clone();
    Arrays.fill(lowOrder, 1184, 1216, (byte) 0);
    byte[] shorter = Arrays.copyOf(key, 1215);
    for (byte[] bad : List.of(modulus, lowOrder, shorter)) {
      String text = new String(Bech32.encode("age1pq", bad), StandardCharsets.US_ASCII);
      assertThrows(IllegalArgumentException.class, () -> Recipient.parse(text));
    }
  }

  @Test
  void identity_lowerCase_isRefused() {
    try (Identity identity = Identity.generate(new TestRandom());
        var secret = identity.encode()) {
      String text = new String(secret.borrow(), StandardCharsets.US_ASCII);
      assertTrue(text.startsWith("AGE-SECRET-KEY-PQ-1"));
      assertThrows(
          IllegalArgumentException.class,
          () -> Identity.parse(text.toLowerCase(java.util.Locale.ROOT)));
      try (Identity parsed = Identity.parse(text)) {
        assertEquals(identity.recipient(), parsed.recipient());
      }
    }
  }
}
