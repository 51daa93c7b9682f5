package io.dvault.crypto;

import io.dvault.model.SecretBytes;
import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 key pair, RFC 8032. Signs from any thread; closing wipes the private half. */
public final class Ed25519Key implements AutoCloseable {
  private final SecretBytes seed;
  private final byte[] publicKey;

  private Ed25519Key(SecretBytes seed, byte[] publicKey) {
    this.seed = seed;
    this.publicKey = publicKey;
  }

  public static Ed25519Key generate(SecureRandom random) {
    byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
    random.nextBytes(seed);
    return ofSeed(seed);
  }

  /** Takes ownership of the seed of 32 bytes. Computing the public half costs as much as a signature. */
  public static Ed25519Key ofSeed(byte[] owned) {
    byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(owned, 0, publicKey, 0);
    return new Ed25519Key(SecretBytes.owning(owned), publicKey);
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
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(seed.borrow(), 0, publicKey, 0, message, 0, message.length, signature, 0);
    return signature;
  }

  /**
   * Whether {@code signature} was made with the private half of {@code publicKey} (32 bytes) over
   * {@code message}; false
   * for malformed ones. RFC 8032 5.1.7, with the cofactor; keys of low order and encodings that are not canonical are
   * refused.
   */
  public static boolean verifies(byte[] publicKey, byte[] message, byte[] signature) {
    return signature.length == Ed25519.SIGNATURE_SIZE
        && publicKey.length == Ed25519.PUBLIC_KEY_SIZE
        && Ed25519.verify(signature, 0, publicKey, 0, message, 0, message.length);
  }

  /** Whether {@code bytes} encode a point of the curve that is not of low order. */
  public static boolean isPublicKey(byte[] bytes) {
    return bytes.length == Ed25519.PUBLIC_KEY_SIZE && Ed25519.validatePublicKeyPartial(bytes, 0);
  }

  @Override
  public void close() {
    seed.close();
  }

  @Override
  public String toString() {
    return "(sensitive)";
  }
}
