package io.dvault.bundle;

import io.dvault.model.Bytes32;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KEM;

/** ML-KEM-768 (FIPS 203) of the Java platform. Thread-safe. */
final class MlKem {
  static final int SEED_LENGTH = 64; // d ‖ z
  static final int KEY_LENGTH = 1184;
  static final int CIPHERTEXT_LENGTH = 1088;

  private static final String ALGORITHM = "ML-KEM";
  /** SubjectPublicKeyInfo up to the key: id-alg-ml-kem-768, RFC 9935. */
  private static final byte[] PREFIX =
      HexFormat.of().parseHex("308204b2300b0609608648016503040402038204a100");
  /** SHA-256 of the encapsulation key of the seed 00 01 02 … 3f. */
  private static final String KNOWN_KEY =
      "0b7934c83125c788995e2ba6bd761e33046b3e40571be53e023309a29f398cc9";

  static {
    byte[] seed = new byte[SEED_LENGTH];
    for (int i = 0; i < seed.length; i++) {
      seed[i] = (byte) i;
    }
    // The platform offers no key from a seed, only from the randomness that it draws: d, then z in
    // JDK 25.
    if (!Bytes32.sha256(encode(keyPair(seed).getPublic())).hex().equals(KNOWN_KEY)) {
      throw new IllegalStateException(
          "this Java version makes another ML-KEM key of a seed than FIPS 203 says");
    }
  }

  private MlKem() {}

  /** Throws IllegalArgumentException for what is no key; FIPS 203 7.2. */
  static PublicKey publicKey(byte[] key) {
    if (key.length != KEY_LENGTH) {
      throw new IllegalArgumentException(
          "an ML-KEM key has " + KEY_LENGTH + " bytes, not " + key.length);
    }
    byte[] encoded =
        ByteBuffer.allocate(PREFIX.length + key.length).put(PREFIX).put(key).array();
    try {
      PublicKey parsed =
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
      KEM.getInstance(ALGORITHM)
          .newEncapsulator(parsed); // checks that every coefficient is below the modulus
      return parsed;
    } catch (InvalidKeySpecException | InvalidKeyException e) {
      throw new IllegalArgumentException("the ML-KEM key fails the modulus check");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform since 24 has " + ALGORITHM, e);
    }
  }

  /** 1,184 bytes. */
  static byte[] encode(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return Arrays.copyOfRange(encoded, PREFIX.length, encoded.length);
  }

  /** ML-KEM.KeyGen_internal(d, z), FIPS 203 6.1; {@code seed} is d ‖ z. */
  static KeyPair keyPair(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
      generator.initialize(NamedParameterSpec.ML_KEM_768, new Drawn(seed));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform since 24 has " + ALGORITHM, e);
    }
  }

  /** Draws a message of 32 bytes. Gives a ciphertext of 1,088 bytes and a secret of 32. */
  static Kem.Encapsulated encapsulate(PublicKey key, SecureRandom random) {
    try {
      KEM.Encapsulated result =
          KEM.getInstance(ALGORITHM).newEncapsulator(key, random).encapsulate();
      return new Kem.Encapsulated(result.encapsulation(), result.key().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a checked ML-KEM key is refused", e);
    }
  }

  /** The secret of 32 bytes; a random one for a ciphertext that was not made for this key (implicit rejection). */
  static byte[] decapsulate(PrivateKey key, byte[] ciphertext) {
    try {
      return KEM.getInstance(ALGORITHM)
          .newDecapsulator(key)
          .decapsulate(ciphertext)
          .getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "ML-KEM decapsulates every ciphertext of " + CIPHERTEXT_LENGTH + " bytes", e);
    }
  }

  /** Gives out the given bytes in their order, each once. */
  static final class Drawn extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final transient ByteBuffer bytes;

    Drawn(byte[] bytes) {
      super(null, null); // asks no provider and seeds nothing
      this.bytes = ByteBuffer.wrap(bytes);
    }

    @Override
    public void nextBytes(byte[] out) {
      bytes.get(out);
    }
  }
}
