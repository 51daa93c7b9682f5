package io.dvault.bundle;

import static io.dvault.testing.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.dvault.bundle.XWing.Encapsulated;
import io.dvault.testing.Vectors;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import tools.jackson.databind.JsonNode;

/** The KEM and the key schedule against the drafts' own vectors, and BouncyCastle's HPKE against the same. */
@Tag("T19")
class HpkeVectorsTest {
  private static final int KEM = 0x647a;

  private static List<JsonNode> hpkeVectors() {
    List<JsonNode> vectors = new ArrayList<>();
    Vectors.read("hpke-pq/test-vectors.json").forEach(vectors::add);
    return vectors.stream().filter(vector -> vector.get("kem_id").asInt() == KEM).toList();
  }

  @TestFactory
  Stream<DynamicTest> xwing_draftVector_sameKeyEncAndSecret() {
    List<JsonNode> vectors = new ArrayList<>();
    Vectors.read("xwing/test-vectors.json").forEach(vectors::add);
    assertEquals(3, vectors.size());
    return vectors.stream().map(vector -> dynamicTest(vector.get("seed").asString(), () ->
        checkKem(hex(vector, "seed"), hex(vector, "pk"), hex(vector, "eseed"), hex(vector, "ct"), hex(vector, "ss"))));
  }

  @TestFactory
  Stream<DynamicTest> kem_hpkeVector_sameKeyEncAndSecret() {
    List<JsonNode> vectors = hpkeVectors();
    assertEquals(2, vectors.size());
    return vectors.stream().map(vector -> dynamicTest("kdf " + vector.get("kdf_id").asInt(), () ->
        checkKem(hex(vector, "skRm"), hex(vector, "pkRm"), hex(vector, "ikmE"), hex(vector, "enc"),
            hex(vector, "shared_secret"))));
  }

  private static void checkKem(byte[] seed, byte[] publicKey, byte[] randomness, byte[] enc, byte[] secret)
      throws MalformedAgeException {
    try (XWing.PrivateKey key = new XWing.PrivateKey(seed)) {
      assertArrayEquals(publicKey, key.publicKey());
      assertArrayEquals(secret, key.decapsulate(enc));
    }
    byte[] mlkem = Arrays.copyOf(publicKey, XWing.MLKEM_KEY_LENGTH);
    byte[] point = Arrays.copyOfRange(publicKey, XWing.MLKEM_KEY_LENGTH, XWing.PUBLIC_KEY_LENGTH);
    for (Encapsulator each : List.of(Encapsulator.bouncyCastle(mlkem), Encapsulator.of(mlkem))) {
      Encapsulated encapsulated = XWing.encapsulate(each, point, randomness);
      assertArrayEquals(enc, encapsulated.enc());
      assertArrayEquals(secret, encapsulated.secret());
    }
  }

  /** From Java 24 on the platform has an ML-KEM; it is used, so it must give the same bytes for any key and message. */
  @Test
  @EnabledForJreRange(min = JRE.JAVA_24)
  void platform_anyKeyAndMessage_givesBouncyCastlesBytes() {
    assertEquals(true, PlatformMlKem.find().isPresent());
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < 50; i++) {
      byte[] key;
      try (Identity identity = Identity.generate(random)) {
        key = Arrays.copyOf(Bech32.decode(identity.recipient().toString()).data(), XWing.MLKEM_KEY_LENGTH);
      }
      byte[] message = new byte[32];
      random.nextBytes(message);
      Encapsulated expected = Encapsulator.bouncyCastle(key).encapsulate(message);
      Encapsulated actual = PlatformMlKem.find().orElseThrow().encapsulator(key).encapsulate(message);
      assertArrayEquals(expected.enc(), actual.enc());
      assertArrayEquals(expected.secret(), actual.secret());
    }
  }

  @Test
  void schedule_hpkeVectorOfOurSuite_sameKeyAndNonce() {
    JsonNode vector = ourSuite();
    try (Hpke.Schedule schedule = new Hpke(hex(vector, "info")).schedule(hex(vector, "shared_secret"))) {
      assertArrayEquals(hex(vector, "key"), schedule.key());
      assertArrayEquals(hex(vector, "base_nonce"), schedule.nonce());
    }
  }

  /** BouncyCastle takes the seed of 32 bytes as private key, as the draft has it, and knows one of the two KDFs. */
  @Test
  void bouncyCastle_hpkeVectorOfOurSuite_opensEveryMessage() throws Exception {
    JsonNode vector = ourSuite();
    HPKE hpke = new HPKE(HPKE.mode_base, HPKE.kem_MLKEM768_X25519, HPKE.kdf_HKDF_SHA256, HPKE.aead_CHACHA20_POLY1305);
    AsymmetricCipherKeyPair pair = hpke.deserializePrivateKey(hex(vector, "skRm"), hex(vector, "pkRm"));
    HPKEContext context = hpke.setupBaseR(hex(vector, "enc"), pair, hex(vector, "info"));
    for (JsonNode message : vector.get("encryptions")) {
      assertArrayEquals(hex(message, "pt"), context.open(hex(message, "aad"), hex(message, "ct")));
    }
    assertEquals(10, vector.get("encryptions").size());
  }

  @Test
  void seal_forBouncyCastle_opensThere() throws Exception {
    JsonNode vector = ourSuite();
    byte[] publicKey = hex(vector, "pkRm");
    byte[] info = "info".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    Encapsulator mlkem = Encapsulator.bouncyCastle(Arrays.copyOf(publicKey, XWing.MLKEM_KEY_LENGTH));
    byte[] point = Arrays.copyOfRange(publicKey, XWing.MLKEM_KEY_LENGTH, XWing.PUBLIC_KEY_LENGTH);
    Encapsulated encapsulated = XWing.encapsulate(mlkem, point, new byte[XWing.RANDOMNESS]);
    byte[] ciphertext = new Hpke(info).seal(encapsulated.secret(), new byte[] {1, 2, 3});
    HPKE hpke = new HPKE(HPKE.mode_base, HPKE.kem_MLKEM768_X25519, HPKE.kdf_HKDF_SHA256, HPKE.aead_CHACHA20_POLY1305);
    AsymmetricCipherKeyPair pair = hpke.deserializePrivateKey(hex(vector, "skRm"), publicKey);
    byte[] opened = hpke.setupBaseR(encapsulated.enc(), pair, info).open(new byte[0], ciphertext);
    assertArrayEquals(new byte[] {1, 2, 3}, opened);
  }

  private static JsonNode ourSuite() {
    return hpkeVectors().stream().filter(vector -> vector.get("kdf_id").asInt() == 1).findFirst().orElseThrow();
  }
}
