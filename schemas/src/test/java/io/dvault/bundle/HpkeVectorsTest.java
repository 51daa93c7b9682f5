package io.dvault.bundle;

import static io.dvault.testing.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.dvault.testing.Vectors;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.kems.mlkem.MLKEMEngine;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The KEM and the key schedule against the drafts' own vectors, and BouncyCastle's HPKE against the same. */
@Tag("T19")
class HpkeVectorsTest {
  private static List<JsonNode> hpkeVectors() {
    List<JsonNode> vectors = new ArrayList<>();
    Vectors.read("hpke-pq/test-vectors.json").forEach(vectors::add);
    return vectors.stream()
        .filter(vector -> vector.get("kem_id").asInt() == XWing.KEM_ID)
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> xwing_draftVector_sameKeyEncAndSecret() {
    List<JsonNode> vectors = new ArrayList<>();
    Vectors.read("xwing/test-vectors.json").forEach(vectors::add);
    assertEquals(3, vectors.size());
    return vectors.stream()
        .map(vector -> dynamicTest(
            vector.get("seed").asString(),
            () -> checkKem(
                hex(vector, "seed"),
                hex(vector, "pk"),
                hex(vector, "eseed"),
                hex(vector, "ct"),
                hex(vector, "ss"))));
  }

  @TestFactory
  Stream<DynamicTest> kem_hpkeVector_sameKeyEncAndSecret() {
    List<JsonNode> vectors = hpkeVectors();
    assertEquals(2, vectors.size());
    return vectors.stream()
        .map(vector -> dynamicTest(
            "kdf " + vector.get("kdf_id").asInt(),
            () -> checkKem(
                hex(vector, "skRm"),
                hex(vector, "pkRm"),
                hex(vector, "ikmE"),
                hex(vector, "enc"),
                hex(vector, "shared_secret"))));
  }

  private static void checkKem(
      byte[] seed, byte[] publicKey, byte[] randomness, byte[] enc, byte[] secret)
      throws MalformedAgeException {
    try (XWing.PrivateKey key = new XWing.PrivateKey(seed)) {
      assertArrayEquals(publicKey, key.publicKey());
      assertArrayEquals(secret, key.decapsulate(enc));
    }
    Kem.Encapsulated encapsulated =
        new XWing.PublicKey(publicKey).encapsulate(new MlKem.Drawn(randomness));
    assertArrayEquals(enc, encapsulated.enc());
    assertArrayEquals(secret, encapsulated.secret());
  }

  /** The platform's ML-KEM beside BouncyCastle's, which no main code uses. */
  @Test
  void mlKem_anySeedAndMessage_givesBouncyCastlesBytes() {
    MLKEMEngine engine = MLKEMEngine.getInstance(MLKEMParameters.ml_kem_768);
    Random random = new Random(768);
    for (int i = 0; i < 50; i++) {
      byte[] seed = new byte[MlKem.SEED_LENGTH];
      byte[] message = new byte[32];
      random.nextBytes(seed);
      random.nextBytes(message);
      MLKEMPrivateKeyParameters expected =
          new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, seed.clone());
      KeyPair pair = MlKem.keyPair(seed);
      assertArrayEquals(expected.getPublicKey(), MlKem.encode(pair.getPublic()));

      byte[][] secretAndCiphertext = engine.kemEncrypt(
          new MLKEMPublicKeyParameters(MLKEMParameters.ml_kem_768, expected.getPublicKey()),
          message);
      Kem.Encapsulated actual =
          MlKem.encapsulate(MlKem.publicKey(expected.getPublicKey()), new MlKem.Drawn(message));
      assertArrayEquals(secretAndCiphertext[1], actual.enc());
      assertArrayEquals(secretAndCiphertext[0], actual.secret());

      byte[] ciphertext = actual.enc();
      assertArrayEquals(actual.secret(), MlKem.decapsulate(pair.getPrivate(), ciphertext));
      ciphertext[i] ^= 1; // implicit rejection: a secret that nobody else has, the same with both
      assertArrayEquals(
          engine.kemDecrypt(expected, ciphertext),
          MlKem.decapsulate(pair.getPrivate(), ciphertext));
    }
  }

  @Test
  void schedule_hpkeVectorOfOurSuite_sameKeyAndNonce() {
    JsonNode vector = ourSuite();
    Hpke hpke = new Hpke(XWing.KEM_ID, hex(vector, "info"));
    try (Hpke.Schedule schedule = hpke.schedule(hex(vector, "shared_secret"))) {
      assertArrayEquals(hex(vector, "key"), schedule.key());
      assertArrayEquals(hex(vector, "base_nonce"), schedule.nonce());
    }
  }

  /** RFC 9180 A.2.1, DHKEM(X25519, HKDF-SHA256): the same key schedule behind another KEM. */
  @Test
  void schedule_rfc9180VectorOfAnotherKem_sameKeyAndNonce() {
    HexFormat hex = HexFormat.of();
    Hpke hpke = new Hpke(0x0020, hex.parseHex("4f6465206f6e2061204772656369616e2055726e"));
    try (Hpke.Schedule schedule = hpke.schedule(
        hex.parseHex("0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7"))) {
      assertEquals(
          "ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91",
          hex.formatHex(schedule.key()));
      assertEquals("5c4d98150661b848853b547f", hex.formatHex(schedule.nonce()));
    }
  }

  private static HPKE bouncyCastle() {
    return new HPKE(
        HPKE.mode_base,
        HPKE.kem_MLKEM768_X25519,
        HPKE.kdf_HKDF_SHA256,
        HPKE.aead_CHACHA20_POLY1305);
  }

  /** BouncyCastle takes the seed of 32 bytes as private key, as the draft has it, and knows one of the two KDFs. */
  @Test
  void bouncyCastle_hpkeVectorOfOurSuite_opensEveryMessage() throws Exception {
    JsonNode vector = ourSuite();
    HPKE hpke = bouncyCastle();
    AsymmetricCipherKeyPair pair =
        hpke.deserializePrivateKey(hex(vector, "skRm"), hex(vector, "pkRm"));
    HPKEContext context = hpke.setupBaseR(hex(vector, "enc"), pair, hex(vector, "info"));
    for (JsonNode message : vector.get("encryptions")) {
      assertArrayEquals(hex(message, "pt"), context.open(hex(message, "aad"), hex(message, "ct")));
    }
    assertEquals(10, vector.get("encryptions").size());
  }

  /**
   * A second implementation of KEM and key schedule, in both directions and for keys, infos and
   * messages of any kind.
   */
  @Test
  void hpke_anyKeyInfoAndMessage_opensAtBouncyCastleAndBack() throws Exception {
    HPKE theirs = bouncyCastle();
    Random random = new Random(9180);
    SecureRandom secure = new SecureRandom();
    for (int i = 0; i < 50; i++) {
      byte[] seed = bytes(random, XWing.SEED_LENGTH);
      byte[] info = bytes(random, random.nextInt(100));
      byte[] plaintext = bytes(random, random.nextInt(100));
      Hpke ours = new Hpke(XWing.KEM_ID, info);
      try (XWing.PrivateKey key = new XWing.PrivateKey(seed)) {
        AsymmetricCipherKeyPair pair = theirs.deserializePrivateKey(seed, key.publicKey());
        Hpke.Sealed sealed = ours.seal(new XWing.PublicKey(key.publicKey()), secure, plaintext);
        assertArrayEquals(
            plaintext,
            theirs.setupBaseR(sealed.enc(), pair, info).open(new byte[0], sealed.ciphertext()));

        HPKEContextWithEncapsulation sender = theirs.setupBaseS(pair.getPublic(), info);
        byte[] ciphertext = sender.seal(new byte[0], plaintext);
        assertArrayEquals(
            plaintext, ours.open(key, sender.getEncapsulation(), ciphertext).orElseThrow());
        ciphertext[ciphertext.length - 1] ^= 1;
        assertTrue(ours.open(key, sender.getEncapsulation(), ciphertext).isEmpty());
      }
    }
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static JsonNode ourSuite() {
    return hpkeVectors().stream()
        .filter(vector -> vector.get("kdf_id").asInt() == 1)
        .findFirst()
        .orElseThrow();
  }
}
