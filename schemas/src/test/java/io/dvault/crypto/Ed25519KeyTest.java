package io.dvault.crypto;

import static io.dvault.testing.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.dvault.testing.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

class Ed25519KeyTest {
  private static final Set<String> REFUSED =
      Set.of("low_order_A", "non_canonical_A", "non_canonical_R");

  private final Random random = new Random(25519);

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** RFC 8032 7.1, TEST 2. */
  @Test
  void sign_rfc8032Key_isItsSignature() {
    HexFormat hex = HexFormat.of();
    byte[] seed = hex.parseHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    try (Ed25519Key key = Ed25519Key.ofSeed(seed)) {
      assertEquals(
          "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
          hex.formatHex(key.publicKey()));
      assertEquals(
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
              + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
          hex.formatHex(key.sign(new byte[] {0x72})));
    }
  }

  @Test
  void verifies_anyBitFlipped_isFalse() {
    byte[] message = bytes(100);
    try (Ed25519Key pair = Ed25519Key.ofSeed(bytes(32))) {
      byte[] signature = pair.sign(message);
      for (int bit = 0; bit < 8 * signature.length; bit++) {
        byte[] damaged = signature.clone();
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        assertFalse(Ed25519Key.verifies(pair.publicKey(), message, damaged), "bit " + bit);
      }
      for (int bit = 0; bit < 8 * 32; bit++) {
        byte[] other = pair.publicKey();
        other[bit / 8] ^= (byte) (1 << bit % 8);
        assertFalse(Ed25519Key.verifies(other, message, signature), "bit " + bit);
      }
    }
  }

  @Test
  void verifies_wrongLengths_isFalse() {
    try (Ed25519Key pair = Ed25519Key.ofSeed(bytes(32))) {
      byte[] message = bytes(10);
      byte[] signature = pair.sign(message);
      assertTrue(Ed25519Key.verifies(pair.publicKey(), message, signature));
      assertFalse(Ed25519Key.verifies(pair.publicKey(), message, bytes(63)));
      assertFalse(Ed25519Key.verifies(pair.publicKey(), message, new byte[0]));
      assertFalse(Ed25519Key.verifies(bytes(31), message, signature));
      assertFalse(Ed25519Key.verifies(new byte[0], message, signature));
    }
  }

  @TestFactory
  Stream<DynamicTest> verifies_wycheproofVector_asItSays() {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode group : Vectors.read("wycheproof/ed25519_test.json").get("testGroups")) {
      byte[] key = hex(group.get("publicKey"), "pk");
      for (JsonNode test : group.get("tests")) {
        boolean valid = test.get("result").asString().equals("valid");
        tests.add(dynamicTest(
            test.get("tcId").asInt() + " " + test.get("comment").asString(),
            () ->
                assertEquals(valid, Ed25519Key.verifies(key, hex(test, "msg"), hex(test, "sig")))));
      }
    }
    assertEquals(151, tests.size());
    return tests.stream();
  }

  /**
   * The edge cases that implementations differ on. The one rule: RFC 8032's equation with the cofactor; keys of low
   * order, and encodings that are not canonical, are refused.
   */
  @TestFactory
  Stream<DynamicTest> verifies_edgeCase_byOneRule() {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode vector : Vectors.read("ed25519/ed25519vectors.json")) {
      Set<String> flags = new TreeSet<>();
      vector.path("flags").forEach(flag -> flags.add(flag.asString()));
      byte[] message = vector.get("msg").asString().getBytes(StandardCharsets.UTF_8);
      boolean valid = Collections.disjoint(flags, REFUSED);
      tests.add(dynamicTest(
          vector.get("number").asInt() + " " + flags,
          () -> assertEquals(
              valid, Ed25519Key.verifies(hex(vector, "key"), message, hex(vector, "sig")))));
    }
    assertEquals(914, tests.size());
    return tests.stream();
  }

  @Test
  void close_keyPair_signsNoMore() {
    byte[] seed = bytes(32);
    Ed25519Key pair = Ed25519Key.ofSeed(seed);
    pair.sign(bytes(3));
    pair.close();
    assertThrows(IllegalStateException.class, () -> pair.sign(bytes(3)));
    assertArrayEquals(new byte[32], seed);
    assertEquals("(sensitive)", pair.toString());
  }
}
