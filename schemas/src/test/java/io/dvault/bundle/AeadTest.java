package io.dvault.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.curve.NativeCurves;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whoever encrypts, the bytes are the same. */
class AeadTest {
  private final Random random = new Random(8439);

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void seal_anyLengthAndPlace_areBouncyCastlesBytesAndNothingBesideThem() {
    NativeCurves.load(); // from here on the long ones are native, where there is such code
    for (int i = 0; i < 300; i++) {
      byte[] key = bytes(Aead.KEY_LENGTH);
      byte[] nonce = bytes(Aead.NONCE_LENGTH);
      byte[] in = bytes(4_200);
      int at = random.nextInt(50);
      int length = random.nextInt(in.length - at + 1);
      byte[] expected = bytes(at + length + Aead.TAG_LENGTH + 50);
      byte[] out = expected.clone();
      Aead.sealHere(key, nonce, in, at, length, expected, at);
      Aead.seal(key, nonce, in, at, length, out, at);
      assertArrayEquals(expected, out);

      byte[] plaintext = new byte[length];
      assertTrue(Aead.open(key, nonce, out, at, length + Aead.TAG_LENGTH, plaintext, 0));
      assertArrayEquals(Arrays.copyOfRange(in, at, at + length), plaintext);
      out[at + random.nextInt(length + Aead.TAG_LENGTH)] ^= 1;
      assertFalse(Aead.open(key, nonce, out, at, length + Aead.TAG_LENGTH, plaintext, 0));
      assertArrayEquals(new byte[length], plaintext);
    }
  }
}
