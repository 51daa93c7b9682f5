package io.dvault.bundle;

import io.dvault.bundle.XWing.Encapsulated;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.KEM;

/**
 * ML-KEM-768 of the Java platform, 24 and newer, where its vector code is much faster than BouncyCastle. Used only when
 * it gives BouncyCastle's bytes for a fixed message, so that nobody depends on where it runs.
 */
final class PlatformMlKem {
  /** SubjectPublicKeyInfo up to the key: id-alg-ml-kem-768, RFC 9935. */
  private static final byte[] PREFIX = HexFormat.of().parseHex("308204b2300b0609608648016503040402038204a100");

  private static final String PROVIDER = "SunJCE";

  private final KEM kem;
  private final KeyFactory keys;

  private PlatformMlKem(KEM kem, KeyFactory keys) {
    this.kem = kem;
    this.keys = keys;
  }

  static Optional<PlatformMlKem> find() {
    return Holder.FOUND;
  }

  /** Looked for when the first recipient seals, not when a command starts. */
  private static final class Holder {
    static final Optional<PlatformMlKem> FOUND = load();

    private static Optional<PlatformMlKem> load() {
      try {
        PlatformMlKem platform =
            new PlatformMlKem(KEM.getInstance("ML-KEM", PROVIDER), KeyFactory.getInstance("ML-KEM", PROVIDER));
        return Optional.of(platform).filter(PlatformMlKem::agreesWithBouncyCastle);
      } catch (GeneralSecurityException e) {
        return Optional.empty(); // Java 21 to 23: BouncyCastle does it
      }
    }
  }

  private boolean agreesWithBouncyCastle() {
    byte[] key = new byte[XWing.MLKEM_KEY_LENGTH]; // all-zero coefficients are below the modulus
    byte[] message = new byte[32];
    Arrays.fill(message, (byte) 7);
    Encapsulated expected = Encapsulator.bouncyCastle(key).encapsulate(message);
    Encapsulated actual = encapsulator(key).encapsulate(message);
    return Arrays.equals(expected.enc(), actual.enc()) && Arrays.equals(expected.secret(), actual.secret());
  }

  Encapsulator encapsulator(byte[] key) {
    try {
      byte[] encoded = ByteBuffer.allocate(PREFIX.length + key.length).put(PREFIX).put(key).array();
      PublicKey parsed = keys.generatePublic(new X509EncodedKeySpec(encoded));
      return message -> encapsulate(parsed, message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a checked ML-KEM key is refused by the platform", e);
    }
  }

  private Encapsulated encapsulate(PublicKey key, byte[] message) {
    try {
      KEM.Encapsulated result = kem.newEncapsulator(key, new Once(message)).encapsulate();
      return new Encapsulated(result.encapsulation(), result.key().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a checked ML-KEM key is refused by the platform", e);
    }
  }

  /** Gives out one message, once: the platform must draw exactly that. */
  private static final class Once extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final transient byte[] message;
    private boolean used;

    Once(byte[] message) {
      super(null, null); // asks no provider and seeds nothing
      this.message = message;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (used || bytes.length != message.length) {
        throw new IllegalStateException("ML-KEM drew " + bytes.length + " bytes, not one message of " + message.length);
      }
      used = true;
      System.arraycopy(message, 0, bytes, 0, bytes.length);
    }
  }
}
