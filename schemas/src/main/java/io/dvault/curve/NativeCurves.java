package io.dvault.curve;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.conscrypt.Conscrypt;
import org.conscrypt.HpkeContextSender;
import org.conscrypt.OpenSslEdDsaPrivateKey;
import org.conscrypt.OpenSslEdDsaPublicKey;
import org.conscrypt.OpenSslXwingPublicKey;

/**
 * BoringSSL's curves by Conscrypt, two to three times as fast as BouncyCastle's. Used only where its library is there
 * and gives BouncyCastle's bytes for fixed input, so that nobody's results depend on where they run. Thread-safe.
 */
public final class NativeCurves {
  /** So many operations gain back what loading costs, some 60 ms; who does less never has it in memory. */
  private static final int WORTH_LOADING = 400;

  private static final String HYBRID_SUITE = "XWING/HKDF_SHA256/CHACHA20POLY1305";
  private static final String ED25519 = "EdDSA";
  private static final AtomicInteger ASKED = new AtomicInteger();
  private static volatile Optional<NativeCurves> found = Optional.empty();

  private final Provider provider;

  private NativeCurves(Provider provider) {
    this.provider = provider;
  }

  /**
   * What a seal gives.
   *
   * @param enc 1,120 bytes: ML-KEM ciphertext ‖ ephemeral X25519 point
   * @param ciphertext the plaintext's length and 16 bytes more
   */
  public record Sealed(byte[] enc, byte[] ciphertext) {}

  /** Empty until so many were asked for that loading pays, and for ever where the library cannot be had. */
  public static Optional<NativeCurves> find() {
    if (found.isEmpty() && ASKED.get() < WORTH_LOADING && ASKED.incrementAndGet() == WORTH_LOADING) {
      Thread.ofPlatform().daemon().name("native-curves").start(NativeCurves::load);
    }
    return found;
  }

  /** At once, and for whoever asks from then on; empty where the library cannot be had. */
  public static Optional<NativeCurves> load() {
    found = Holder.LOADED;
    return found;
  }

  private static final class Holder {
    static final Optional<NativeCurves> LOADED = tryLoad();

    private static Optional<NativeCurves> tryLoad() {
      try {
        return Optional.of(new NativeCurves(Conscrypt.newProvider())).filter(NativeCurves::agreesWithBouncyCastle);
      } catch (LinkageError | RuntimeException e) { // not on the class path, another platform, no place to unpack it
        return Optional.empty();
      }
    }
  }

  /** Ed25519 alone, whose signatures depend on nothing but key and message; the seal is held by whoever knows HPKE. */
  private boolean agreesWithBouncyCastle() {
    byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
    Arrays.fill(seed, (byte) 7);
    byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, publicKey, 0);
    byte[] expected = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(seed, 0, seed, 0, seed.length, expected, 0);
    try (SigningKey key = signingKey(seed)) {
      return Arrays.equals(expected, key.sign(seed)) && verifies(publicKey, seed, expected);
    }
  }

  /**
   * HPKE of RFC 9180 in base mode with MLKEM768-X25519, HKDF-SHA256 and ChaCha20Poly1305, its first message.
   *
   * @param key 1,216 bytes: ML-KEM encapsulation key ‖ X25519 point, both checked
   * @param randomness 64 bytes, the first 32 for ML-KEM, the others the ephemeral scalar
   */
  public Sealed seal(byte[] key, byte[] info, byte[] randomness, byte[] plaintext) {
    try {
      HpkeContextSender sender = HpkeContextSender.getInstance(HYBRID_SUITE, provider);
      sender.initForTesting(new OpenSslXwingPublicKey(key), info, randomness); // "testing": it lets us draw the randomness
      return new Sealed(sender.getEncapsulated(), sender.seal(plaintext, new byte[0]));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a checked recipient is refused by native code", e);
    }
  }

  /** A key to sign with, from the 32 bytes of its seed, which are copied. */
  SigningKey signingKey(byte[] seed) {
    return new SigningKey(new OpenSslEdDsaPrivateKey(seed.clone()));
  }

  /** Holds a private key in native memory until it is closed. */
  final class SigningKey implements AutoCloseable {
    private final OpenSslEdDsaPrivateKey key;

    private SigningKey(OpenSslEdDsaPrivateKey key) {
      this.key = key;
    }

    byte[] sign(byte[] message) {
      try {
        Signature signature = Signature.getInstance(ED25519, provider);
        signature.initSign(key);
        signature.update(message);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("Ed25519 signs with every key", e);
      }
    }

    @Override
    public void close() {
      key.destroy();
    }

    @Override
    public String toString() {
      return "(sensitive)";
    }
  }

  /** False also for a key off the curve and a signature that is none. */
  boolean verifies(byte[] publicKey, byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(ED25519, provider);
      verifier.initVerify(new OpenSslEdDsaPublicKey(publicKey));
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }
}
