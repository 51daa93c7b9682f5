package io.dvault.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvault.curve.NativeCurves;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whoever does the curves, the same randomness gives the same stanza. */
class HybridRecipientTest {
  private static final byte[] INFO = "age-encryption.org/mlkem768x25519".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  @Test
  void wrap_byNativeCode_isTheStanzaOfOurOwnHpke() throws Exception {
    NativeCurves.load(); // where there is none, both sides of the comparison are our own
    Random random = new Random(768);
    for (int i = 0; i < 100; i++) {
      byte[] seed = new byte[XWing.SEED_LENGTH];
      byte[] fileKey = new byte[Stanza.FILE_KEY_LENGTH];
      random.nextBytes(seed);
      random.nextBytes(fileKey);
      try (XWing.PrivateKey key = new XWing.PrivateKey(seed)) {
        Stanza stanza = HybridRecipient.of(key.publicKey()).wrap(fileKey, new TestRandom());

        byte[] randomness = new byte[XWing.RANDOMNESS];
        new TestRandom().nextBytes(randomness);
        byte[] point = Arrays.copyOfRange(key.publicKey(), XWing.MLKEM_KEY_LENGTH, XWing.PUBLIC_KEY_LENGTH);
        Encapsulator mlkem = Encapsulator.bouncyCastle(Arrays.copyOf(key.publicKey(), XWing.MLKEM_KEY_LENGTH));
        XWing.Encapsulated expected = XWing.encapsulate(mlkem, point, randomness);
        assertArrayEquals(expected.enc(), stanza.onlyArgument(XWing.ENC_LENGTH));
        assertArrayEquals(HybridRecipient.HPKE.seal(expected.secret(), fileKey), stanza.body());
        assertArrayEquals(fileKey, HybridRecipient.HPKE.open(key.decapsulate(expected.enc()), stanza.body()).orElseThrow());
      }
    }
  }

  @Test
  void seal_nativeCode_isBouncyCastlesForEachRandomness() {
    NativeCurves.load().ifPresent(curves -> {
      Random random = new Random(1);
      byte[] randomness = new byte[XWing.RANDOMNESS];
      try (XWing.PrivateKey key = new XWing.PrivateKey(new byte[XWing.SEED_LENGTH])) {
        for (int i = 0; i < 50; i++) {
          random.nextBytes(randomness);
          NativeCurves.Sealed sealed = curves.seal(key.publicKey(), INFO, randomness, new byte[16]);
          byte[] point = Arrays.copyOfRange(key.publicKey(), XWing.MLKEM_KEY_LENGTH, XWing.PUBLIC_KEY_LENGTH);
          Encapsulator mlkem = Encapsulator.bouncyCastle(Arrays.copyOf(key.publicKey(), XWing.MLKEM_KEY_LENGTH));
          assertArrayEquals(XWing.encapsulate(mlkem, point, randomness).enc(), sealed.enc());
          assertEquals(32, sealed.ciphertext().length);
        }
      }
    });
  }
}
