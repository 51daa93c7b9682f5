package io.dvault.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HybridRecipientTest {
  private final Random random = new Random(768);

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** By our own HPKE over BouncyCastle. */
  private static XWing.Encapsulated expected(XWing.PrivateKey key, byte[] randomness) {
    byte[] point = Arrays.copyOfRange(key.publicKey(), XWing.MLKEM_KEY_LENGTH, XWing.PUBLIC_KEY_LENGTH);
    byte[] mlkem = Arrays.copyOf(key.publicKey(), XWing.MLKEM_KEY_LENGTH);
    return XWing.encapsulate(Encapsulator.bouncyCastle(mlkem), point, randomness);
  }

  @Test
  void wrap_anyKey_isTheStanzaOfOurOwnHpke() throws Exception {
    for (int i = 0; i < 100; i++) {
      byte[] fileKey = bytes(Stanza.FILE_KEY_LENGTH);
      byte[] randomness = new byte[XWing.RANDOMNESS];
      new TestRandom().nextBytes(randomness);
      try (XWing.PrivateKey key = new XWing.PrivateKey(bytes(XWing.SEED_LENGTH))) {
        Stanza stanza = HybridRecipient.of(key.publicKey()).wrap(fileKey, new TestRandom());

        XWing.Encapsulated expected = expected(key, randomness);
        assertArrayEquals(expected.enc(), stanza.onlyArgument(XWing.ENC_LENGTH));
        assertArrayEquals(HybridRecipient.HPKE.seal(expected.secret(), fileKey), stanza.body());
        byte[] secret = key.decapsulate(expected.enc());
        assertArrayEquals(fileKey, HybridRecipient.HPKE.open(secret, stanza.body()).orElseThrow());
      }
    }
  }

  @Test
  void parseAgain_anyRecipient_isTheOneThatWasParsed() throws Exception {
    for (int i = 0; i < 100; i++) {
      try (XWing.PrivateKey key = new XWing.PrivateKey(bytes(XWing.SEED_LENGTH))) {
        String text = HybridRecipient.of(key.publicKey()).toString();
        byte[] fileKey = bytes(Stanza.FILE_KEY_LENGTH);
        Recipient again = Recipient.parseAgain(text);
        assertEquals(Recipient.parse(text), again);
        Stanza expected = Recipient.parse(text).wrap(fileKey, new TestRandom());
        Stanza actual = again.wrap(fileKey, new TestRandom());
        assertArrayEquals(expected.onlyArgument(XWing.ENC_LENGTH), actual.onlyArgument(XWing.ENC_LENGTH));
        assertArrayEquals(expected.body(), actual.body());
      }
    }
  }
}
