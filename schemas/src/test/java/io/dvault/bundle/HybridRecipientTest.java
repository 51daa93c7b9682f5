package io.dvault.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HybridRecipientTest {
  private final Random random = new Random(768);

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void wrap_anyKey_opensForItsIdentityAlone() throws Exception {
    for (int i = 0; i < 50; i++) {
      byte[] fileKey = bytes(Stanza.FILE_KEY_LENGTH);
      byte[] seed = bytes(XWing.SEED_LENGTH);
      try (HybridIdentity identity = HybridIdentity.of(seed);
          HybridIdentity other = HybridIdentity.create(new SecureRandom())) {
        Recipient parsed = Recipient.parse(identity.recipient().toString());
        assertEquals(identity.recipient(), parsed);
        Stanza stanza = parsed.wrap(fileKey, new TestRandom());
        assertArrayEquals(
            stanza.body(), identity.recipient().wrap(fileKey, new TestRandom()).body());
        assertArrayEquals(fileKey, identity.unwrap(stanza).orElseThrow());
        assertEquals(true, other.unwrap(stanza).isEmpty());
      }
    }
  }
}
