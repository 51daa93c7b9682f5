package io.dvault.curve;

import io.dvault.model.SecretBytes;
import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 key pair, RFC 8032. Signs from any thread; closing wipes the private half. */
public final class Ed25519Key implements AutoCloseable {
  private final SecretBytes seed;
  private final byte[] publicKey;
  private NativeEd25519.SigningKey fast; // made when native code is there, under the lock

  private Ed25519Key(SecretBytes seed, byte[] publicKey) {
    this.seed = seed;
    this.publicKey = publicKey;
  }

  public static Ed25519Key generate(SecureRandom random) {
    byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
    random.nextBytes(seed);
    return ofSeed(seed);
  }

  /** Takes 32 bytes that are its own from now on. The public half costs as much as a signature. */
  public static Ed25519Key ofSeed(byte[] owned) {
    byte[] publicKey = NativeCurves.loaded().map(curves -> curves.ed25519().publicKey(owned))
        .orElseGet(() -> publicKey(owned));
    return new Ed25519Key(SecretBytes.owning(owned), publicKey);
  }

  private static byte[] publicKey(byte[] seed) {
    byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, publicKey, 0);
    return publicKey;
  }

  /** 32 bytes. */
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /** The seed of 32 bytes, wiped when this is closed. */
  public byte[] borrowSeed() {
    return seed.borrow();
  }

  /** 64 bytes. */
  public byte[] sign(byte[] message) {
    Optional<NativeCurves> curves = NativeCurves.find();
    if (curves.isPresent()) {
      return signingKey(curves.get()).sign(message);
    }
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(seed.borrow(), 0, publicKey, 0, message, 0, message.length, signature, 0);
    return signature;
  }

  private synchronized NativeEd25519.SigningKey signingKey(NativeCurves curves) {
    if (fast == null) {
      fast = curves.ed25519().signingKey(seed.borrow());
    }
    return fast;
  }

  /**
   * Whether {@code signature} is of the holder of {@code publicKey} (32 bytes) over {@code message}; false for what is
   * no key or no signature.
   */
  public static boolean verifies(byte[] publicKey, byte[] message, byte[] signature) {
    Optional<NativeCurves> curves = NativeCurves.find();
    // What native code refuses, BouncyCastle is asked for: the two may only differ on what no honest signer makes.
    return curves.isPresent() && curves.get().ed25519().verifies(publicKey, message, signature)
        || signature.length == Ed25519.SIGNATURE_SIZE && publicKey.length == Ed25519.PUBLIC_KEY_SIZE
            && Ed25519.verify(signature, 0, publicKey, 0, message, 0, message.length);
  }

  @Override
  public synchronized void close() {
    seed.close();
    if (fast != null) {
      fast.close();
      fast = null;
    }
  }

  @Override
  public String toString() {
    return "(sensitive)";
  }
}
