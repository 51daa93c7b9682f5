package io.dvault.curve;

import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * ChaCha20-Poly1305 of RFC 8439 by BoringSSL, in one call that leaves no object with the key behind: a cipher of the
 * platform's interface takes longer to make than 2 KiB to encrypt. Thread-safe.
 */
final class NativeCipher {
  private static final int TAG = 16;
  private static final byte[] NO_DATA = new byte[0];

  private final MethodHandle seal;
  private final long algorithm;

  /** Throws ReflectiveOperationException for a version of Conscrypt that has no such call. */
  NativeCipher() throws ReflectiveOperationException {
    NativeCalls calls = new NativeCalls();
    this.algorithm = algorithm(calls.find("EVP_aead_chacha20_poly1305", long.class));
    this.seal = calls.find("EVP_AEAD_CTX_seal", int.class, long.class, byte[].class, int.class, byte[].class, int.class,
        byte[].class, byte[].class, int.class, int.class, byte[].class);
  }

  private static long algorithm(MethodHandle call) {
    try {
      return (long) call.invokeExact();
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("an algorithm cannot fail to be there", e);
    }
  }

  boolean agreesWithBouncyCastle() {
    byte[] key = new byte[32];
    byte[] nonce = new byte[12];
    byte[] plaintext = new byte[100];
    byte[] expected = new byte[plaintext.length + TAG];
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

  /** Key of 32 bytes, nonce of 12; {@code length} bytes become 16 more. */
  void encrypt(byte[] key, byte[] nonce, byte[] in, int at, int length, byte[] out, int outAt) {
    int written;
    try {
      written = (int) seal.invokeExact(algorithm, key, TAG, out, outAt, nonce, in, at, length, NO_DATA);
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("encryption cannot fail on its input", e);
    }
    if (written != length + TAG) {
      throw new IllegalStateException("native code wrote " + written + " bytes of ciphertext, not " + (length + TAG));
    }
  }
}
