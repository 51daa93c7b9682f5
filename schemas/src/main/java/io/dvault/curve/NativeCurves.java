package io.dvault.curve;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
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
  /** From here on, what BouncyCastle's code costs the compilers before it is no longer called is more than that. */
  private static final int WORTH_WAITING = 10 * WORTH_LOADING;

  private static final String HYBRID_SUITE = "XWING/HKDF_SHA256/CHACHA20POLY1305";
  private static final AtomicInteger ASKED = new AtomicInteger();
  private static volatile Optional<NativeCurves> found = Optional.empty();

  private final Provider provider;
  private final NativeEd25519 ed25519;
  private final NativeCipher cipher;

  private NativeCurves(Provider provider) throws ReflectiveOperationException {
    this.provider = provider;
    this.ed25519 = new NativeEd25519(provider);
    this.cipher = new NativeCipher();
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
      loadBeside();
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
    return ed25519.agreesWithBouncyCastle() && cipher.agreesWithBouncyCastle();
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
    cipher.encrypt(key, nonce, in, at, length, out, outAt);
  }

  /** Tells that so many operations are coming: where they are worth it, it is loaded beside what comes before them. */
  public static void expect(long operations) {
    if (operations >= WORTH_LOADING && ASKED.getAndSet(WORTH_LOADING) < WORTH_LOADING) {
      loadBeside();
    }
  }

  /** Tells that so many operations begin now, and waits for it where not even the first ones are better done meanwhile. */
  public static void await(long operations) {
    if (operations >= WORTH_WAITING) {
      load();
    } else {
      expect(operations);
    }
  }

  private static void loadBeside() {
    Thread.ofPlatform().daemon().name("native-curves").start(NativeCurves::load);
  }
}
