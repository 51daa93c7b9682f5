package io.dvault.curve;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.conscrypt.OpenSslEdDsaPrivateKey;
import org.conscrypt.OpenSslEdDsaPublicKey;

/** Ed25519 of RFC 8032 by BoringSSL. Thread-safe. */
final class NativeEd25519 {
  private static final String ED25519 = "EdDSA";

  private final Provider provider;
  private final MethodHandle rawPublicKey;

  /** Throws ReflectiveOperationException for a version of Conscrypt that has no {@link #publicKey} for us. */
  NativeEd25519(Provider provider) throws ReflectiveOperationException {
    this.provider = provider;
    NativeCalls calls = new NativeCalls();
    Class<?> nativeKey = calls.type("NativeRef$EVP_PKEY");
    this.rawPublicKey = MethodHandles.filterArguments(
        calls.find("EVP_PKEY_get_raw_public_key", byte[].class, nativeKey), 0, calls.keyBelow(nativeKey));
  }

  boolean agreesWithBouncyCastle() {
    byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
    Arrays.fill(seed, (byte) 7);
    byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, publicKey, 0);
    byte[] expected = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(seed, 0, seed, 0, seed.length, expected, 0);
    try (SigningKey key = signingKey(seed)) {
      return Arrays.equals(expected, key.sign(seed)) && verifies(publicKey, seed, expected)
          && Arrays.equals(publicKey, publicKey(seed));
    }
  }

  /** The 32 bytes that belong to a seed of 32. Conscrypt knows them and has no public method to say so. */
  byte[] publicKey(byte[] seed) {
    try (SigningKey key = signingKey(seed)) {
      return (byte[]) rawPublicKey.invokeExact(key.key.getOpenSSLKey());
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("every seed has a public key", e);
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
