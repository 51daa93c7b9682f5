package io.dvault.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.junit.jupiter.api.Test;

class HkdfTest {
  private final Random random = new Random(5869);

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void expand_anyInput_givesBouncyCastlesBytes() {
    for (int i = 0; i < 300; i++) {
      byte[] secret = bytes(1 + random.nextInt(100));
      byte[] salt = bytes(random.nextInt(65));
      byte[] info = bytes(random.nextInt(100));
      byte[] expected = new byte[random.nextInt(200)];
      HKDFBytesGenerator theirs = new HKDFBytesGenerator(new SHA256Digest());
      theirs.init(new HKDFParameters(secret, salt, info));
      theirs.generateBytes(expected, 0, expected.length);
      assertArrayEquals(expected, Hkdf.expand(Hkdf.extract(salt, secret), expected.length, info));
    }
  }

  @Test
  void expand_moreThan255Blocks_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> Hkdf.expand(bytes(32), 255 * 32 + 1));
  }
}
