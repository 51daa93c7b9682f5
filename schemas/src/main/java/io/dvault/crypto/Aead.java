package io.dvault.crypto;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** ChaCha20-Poly1305, RFC 8439, without associated data. Keys are 32 bytes, nonces 12. */
public final class Aead {
  public static final int KEY_LENGTH = 32;
  public static final int NONCE_LENGTH = 12;
  public static final int TAG_LENGTH = 16;
  private static final byte[] ZERO_NONCE = new byte[NONCE_LENGTH];

  private Aead() {}

  /** Writes ciphertext and tag of {@code length} bytes to {@code out} at {@code outAt}. */
  public static void seal(
      byte[] key, byte[] nonce, byte[] in, int at, int length, byte[] out, int outAt) {
    ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
    cipher.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
    try {
      int done = cipher.processBytes(in, at, length, out, outAt);
      cipher.doFinal(out, outAt + done);
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("encryption cannot fail on its input", e);
    }
  }

  /** Writes the plaintext to {@code out}; false, and {@code out} wiped there, when the tag does not match. */
  public static boolean open(
      byte[] key, byte[] nonce, byte[] in, int at, int length, byte[] out, int outAt) {
    if (length < TAG_LENGTH) {
      return false;
    }
    ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
    cipher.init(false, new ParametersWithIV(new KeyParameter(key), nonce));
    try {
      int done = cipher.processBytes(in, at, length, out, outAt);
      cipher.doFinal(out, outAt + done);
      return true;
    } catch (InvalidCipherTextException e) {
      Arrays.fill(out, outAt, outAt + length - TAG_LENGTH, (byte) 0);
      return false;
    }
  }

  /** Seals under a key that is used once, so that the nonce may be zero. */
  public static byte[] sealOnce(byte[] key, byte[] plaintext) {
    return sealOnce(key, ZERO_NONCE, plaintext);
  }

  public static byte[] sealOnce(byte[] key, byte[] nonce, byte[] plaintext) {
    byte[] out = new byte[plaintext.length + TAG_LENGTH];
    seal(key, nonce, plaintext, 0, plaintext.length, out, 0);
    return out;
  }

  public static Optional<byte[]> openOnce(byte[] key, byte[] ciphertext) {
    return openOnce(key, ZERO_NONCE, ciphertext);
  }

  public static Optional<byte[]> openOnce(byte[] key, byte[] nonce, byte[] ciphertext) {
    byte[] out = new byte[Math.max(0, ciphertext.length - TAG_LENGTH)];
    return open(key, nonce, ciphertext, 0, ciphertext.length, out, 0)
        ? Optional.of(out)
        : Optional.empty();
  }
}
