package io.dvault.curve;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.conscrypt.Conscrypt;
import org.conscrypt.HpkeContextSender;
import org.conscrypt.OpenSslXwingPublicKey;

/**
 * BoringSSL's curves by Conscrypt, and the cipher of age's payloads: two to three times as fast as BouncyCastle's. Used
 * only where its library is there and gives BouncyCastle's bytes for fixed input, so that nobody's results depend on
 * where they run. Thread-safe.
 */
public final class NativeCurves {
  /** So many operations gain back what loading costs, some 60 ms; who does less never has it in memory. */
  private static final int WORTH_LOADING = 400;

  private static final String HYBRID_SUITE = "XWING/HKDF_SHA256/CHACHA20POLY1305";
  private static final String CIPHER = "ChaCha20/Poly1305/NoPadding";
  private static final AtomicInteger ASKED = new AtomicInteger();
  private static volatile Optional<NativeCurves> found = Optional.empty();

  private final Provider provider;
  private final NativeEd25519 ed25519;

  private NativeCurves(Provider provider) throws ReflectiveOperationException {
    this.provider = provider;
    this.ed25519 = new NativeEd25519(provider);
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

  /** What {@link #find} has found; asking here is no reason to load. For what gains less than the others. */
  public static Optional<NativeCurves> loaded() {
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
      } catch (LinkageError | ReflectiveOperationException | RuntimeException e) { // not on the class path, another platform, no place to unpack it
        return Optional.empty();
      }
    }
  }

  /** Whatever depends on nothing but its input; the seal is held by whoever knows HPKE. */
  private boolean agreesWithBouncyCastle() {
    return ed25519.agreesWithBouncyCastle() && agreesOnTheCipher();
  }

  private boolean agreesOnTheCipher() {
    byte[] key = new byte[32];
    byte[] nonce = new byte[12];
    byte[] plaintext = new byte[100];
    byte[] expected = new byte[plaintext.length + 16];
    byte[] ciphertext = new byte[expected.length];
    ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
    cipher.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
    try {
      cipher.doFinal(expected, cipher.processBytes(plaintext, 0, plaintext.length, expected, 0));
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("encryption cannot fail on its input", e);
    }
    encrypt(key, nonce, plaintext, 0, plaintext.length, ciphertext, 0);
    return Arrays.equals(expected, ciphertext);
  }

  NativeEd25519 ed25519() {
    return ed25519;
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

  /** Writes the ciphertext and tag (RFC 8439, no associated data) of {@code length} bytes to {@code out} at {@code outAt}. */
  public void encrypt(byte[] key, byte[] nonce, byte[] in, int at, int length, byte[] out, int outAt) {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER, provider);
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
      cipher.doFinal(in, at, length, out, outAt);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("encryption cannot fail on its input", e);
    }
  }
}
