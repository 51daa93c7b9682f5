package io.dvault.bundle;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** {@code age1…}: X25519 alone, not safe from a quantum computer. Source: C2SP age, "The X25519 recipient type". */
public final class X25519Recipient extends Recipient {
  static final String PREFIX = "age";
  static final String TYPE = "X25519";
  static final int LENGTH = X25519.POINT_SIZE;
  private static final String LABEL = "age-encryption.org/v1/X25519";

  private final byte[] point;

  private X25519Recipient(byte[] point) {
    super(new String(Bech32.encode(PREFIX, point), StandardCharsets.US_ASCII));
    this.point = point;
  }

  static X25519Recipient of(byte[] point) {
    if (point.length != LENGTH) {
      throw new IllegalArgumentException("an age1 recipient has " + LENGTH + " bytes, not " + point.length);
    }
    requireFullOrder(point, 0);
    return new X25519Recipient(point.clone());
  }

  /** A point of low order gives everybody the same shared secret, so it is no key. */
  static void requireFullOrder(byte[] point, int at) {
    byte[] probe = new byte[LENGTH];
    byte[] scalar = new byte[LENGTH];
    if (!X25519.calculateAgreement(scalar, 0, point, at, probe, 0)) {
      throw new IllegalArgumentException("the X25519 key is of low order");
    }
  }

  @Override
  public boolean isPostQuantum() {
    return false;
  }

  @Override
  Stanza wrap(byte[] fileKey, SecureRandom random) {
    byte[] ephemeral = new byte[LENGTH];
    random.nextBytes(ephemeral);
    byte[] share = new byte[LENGTH];
    byte[] secret = new byte[LENGTH];
    byte[] key = new byte[0];
    try {
      X25519.scalarMultBase(ephemeral, 0, share, 0);
      X25519.scalarMult(ephemeral, 0, point, 0, secret, 0);
      key = wrappingKey(secret, share, point);
      return new Stanza(TYPE, List.of(RawBase64.encode(share)), Aead.sealOnce(key, fileKey));
    } finally {
      Arrays.fill(ephemeral, (byte) 0);
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(key, (byte) 0);
    }
  }

  byte[] point() {
    return point;
  }

  static byte[] wrappingKey(byte[] secret, byte[] share, byte[] point) {
    byte[] salt = Arrays.copyOf(share, 2 * LENGTH);
    System.arraycopy(point, 0, salt, LENGTH, LENGTH);
    return Hkdf.derive(secret, salt, LABEL);
  }
}
