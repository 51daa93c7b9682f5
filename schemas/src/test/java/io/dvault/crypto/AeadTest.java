package io.dvault.crypto;

import static io.dvault.testing.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.dvault.testing.Vectors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

class AeadTest {
  private final Random random = new Random(8439);

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void seal_anyLengthAndPlace_opensAndTouchesNothingBesideIt() {
    for (int i = 0; i < 300; i++) {
      byte[] key = bytes(Aead.KEY_LENGTH);
      byte[] nonce = bytes(Aead.NONCE_LENGTH);
      byte[] in = bytes(4_200);
      int at = random.nextInt(50);
      int length = random.nextInt(in.length - at + 1);
      int end = at + length + Aead.TAG_LENGTH;
      byte[] before = bytes(end + 50);
      byte[] out = before.clone();
      Aead.seal(key, nonce, in, at, length, out, at);
      assertArrayEquals(Arrays.copyOf(before, at), Arrays.copyOf(out, at));
      assertArrayEquals(
          Arrays.copyOfRange(before, end, end + 50), Arrays.copyOfRange(out, end, end + 50));

      byte[] plaintext = new byte[length];
      assertTrue(Aead.open(key, nonce, out, at, length + Aead.TAG_LENGTH, plaintext, 0));
      assertArrayEquals(Arrays.copyOfRange(in, at, at + length), plaintext);
      out[at + random.nextInt(length + Aead.TAG_LENGTH)] ^= 1;
      assertFalse(Aead.open(key, nonce, out, at, length + Aead.TAG_LENGTH, plaintext, 0));
      assertArrayEquals(new byte[length], plaintext);
    }
  }

  /** Those with a nonce of 12 bytes and no associated data: what age and HPKE use. */
  @TestFactory
  Stream<DynamicTest> open_wycheproofVector_asItSays() {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode group :
        Vectors.read("wycheproof/chacha20_poly1305_test.json").get("testGroups")) {
      for (JsonNode test : group.get("tests")) {
        if (group.get("ivSize").asInt() == 8 * Aead.NONCE_LENGTH
            && test.get("aad").asString().isEmpty()) {
          tests.add(dynamicTest("" + test.get("tcId").asInt(), () -> check(test)));
        }
      }
    }
    assertEquals(45, tests.size());
    return tests.stream();
  }

  private static void check(JsonNode test) {
    byte[] key = hex(test, "key");
    byte[] nonce = hex(test, "iv");
    byte[] plaintext = hex(test, "msg");
    byte[] ciphertext = hex(test, "ct");
    byte[] tag = hex(test, "tag");
    byte[] sealed = ByteBuffer.allocate(ciphertext.length + tag.length)
        .put(ciphertext)
        .put(tag)
        .array();
    Optional<byte[]> opened = Aead.openOnce(key, nonce, sealed);
    if (test.get("result").asString().equals("valid")) {
      assertArrayEquals(sealed, Aead.sealOnce(key, nonce, plaintext));
      assertArrayEquals(plaintext, opened.orElseThrow());
    } else {
      assertTrue(opened.isEmpty());
    }
  }
}
