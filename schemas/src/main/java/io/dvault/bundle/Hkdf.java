package io.dvault.bundle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/** HMAC-SHA-256 and HKDF, RFC 5869, for outputs of one hash at most: all that age and HPKE need here. */
final class Hkdf {
  static final int LENGTH = 32;
  private static final byte[] NONE = new byte[0];

  private Hkdf() {}

  static byte[] hmac(byte[] key, byte[]... parts) {
    HMac mac = new HMac(new SHA256Digest());
    mac.init(new KeyParameter(key));
    for (byte[] part : parts) {
      mac.update(part, 0, part.length);
    }
    byte[] out = new byte[LENGTH];
    mac.doFinal(out, 0);
    return out;
  }

  /** RFC 5869 2.2; the salt may be empty. */
  static byte[] extract(byte[] salt, byte[]... secret) {
    return hmac(salt.length == 0 ? new byte[LENGTH] : salt, secret);
  }

  /** RFC 5869 2.3, its first block cut to {@code length}. */
  static byte[] expand(byte[] key, int length, byte[]... info) {
    byte[][] parts = Arrays.copyOf(info, info.length + 1);
    parts[info.length] = new byte[] {1};
    byte[] block = hmac(key, parts);
    if (length == LENGTH) {
      return block;
    }
    byte[] out = Arrays.copyOf(block, length);
    Arrays.fill(block, (byte) 0);
    return out;
  }

  /** Extract and expand to 32 bytes with an ASCII label. */
  static byte[] derive(byte[] secret, byte[] salt, String label) {
    byte[] key = extract(salt, secret);
    try {
      return expand(key, LENGTH, label.getBytes(StandardCharsets.US_ASCII));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  static byte[] none() {
    return NONE;
  }
}
