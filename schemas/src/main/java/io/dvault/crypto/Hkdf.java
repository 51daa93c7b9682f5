package io.dvault.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.function.Consumer;

/** HMAC-SHA-256 and HKDF, RFC 5869. Thread-safe. */
public final class Hkdf {
  public static final int LENGTH = 32;
  private static final int BLOCK = 64;
  private static final int MOST_BLOCKS = 255;
  private static final int INNER = 0x36;
  private static final int OUTER = 0x5c;
  private static final byte[] NONE = new byte[0];
  /** One for each thread, as new after each digest: to look the algorithm up costs more than most of these hashes. */
  private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(Hkdf::sha256);

  private Hkdf() {}

  /** RFC 2104 with a key of 64 bytes at most. The platform's SHA-256 runs on the processor's own instructions. */
  public static byte[] hmac(byte[] key, byte[]... parts) {
    return hmac(key, digest -> {
      for (byte[] part : parts) {
        digest.update(part);
      }
    });
  }

  /** Over the first {@code length} bytes of {@code text}. */
  public static byte[] hmac(byte[] key, byte[] text, int length) {
    return hmac(key, digest -> digest.update(text, 0, length));
  }

  private static byte[] hmac(byte[] key, Consumer<MessageDigest> text) {
    if (key.length > BLOCK) {
      throw new IllegalArgumentException(
          "a key of " + key.length + " bytes; no caller has one past " + BLOCK);
    }
    byte[] pad = Arrays.copyOf(key, BLOCK);
    MessageDigest digest = SHA256.get();
    try {
      digest.reset(); // for a hash that an exception broke off
      xor(pad, INNER);
      digest.update(pad);
      text.accept(digest);
      byte[] inner = digest.digest();
      xor(pad, INNER ^ OUTER);
      digest.update(pad);
      return digest.digest(inner);
    } finally {
      Arrays.fill(pad, (byte) 0);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void xor(byte[] bytes, int value) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= (byte) value;
    }
  }

  /** RFC 5869 2.2; the salt may be empty. */
  public static byte[] extract(byte[] salt, byte[]... secret) {
    return hmac(salt.length == 0 ? new byte[LENGTH] : salt, secret);
  }

  /** RFC 5869 2.3. */
  public static byte[] expand(byte[] key, int length, byte[]... info) {
    if (length > MOST_BLOCKS * LENGTH) {
      throw new IllegalArgumentException(
          "HKDF gives at most " + MOST_BLOCKS * LENGTH + " bytes, not " + length);
    }
    byte[][] parts = new byte[info.length + 2][];
    System.arraycopy(info, 0, parts, 1, info.length);
    byte[] out = new byte[length];
    byte[] block = NONE;
    for (int at = 0; at < length; at += LENGTH) {
      parts[0] = block;
      parts[info.length + 1] = new byte[] {(byte) (at / LENGTH + 1)};
      byte[] next = hmac(key, parts);
      System.arraycopy(next, 0, out, at, Math.min(LENGTH, length - at));
      Arrays.fill(block, (byte) 0);
      block = next;
    }
    Arrays.fill(block, (byte) 0);
    return out;
  }

  /** Extract and expand to 32 bytes with an ASCII label. */
  public static byte[] derive(byte[] secret, byte[] salt, String label) {
    byte[] key = extract(salt, secret);
    try {
      return expand(key, LENGTH, label.getBytes(StandardCharsets.US_ASCII));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  public static byte[] none() {
    return NONE;
  }
}
