package io.dvault.bundle;

import io.dvault.crypto.Aead;
import io.dvault.crypto.Hkdf;
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

  private X25519Recipient(byte[] point, String text) {
    super(text);
    this.point = point;
  }

  static X25519Recipient of(byte[] point) {
    return of(point, encode(PREFIX, point));
  }

  /** Takes {@code text}, which {@code point} was decoded from: it has one form only. */
  static X25519Recipient of(byte[] point, String text) {
    if (point.length != LENGTH) {
      throw new IllegalArgumentException(
          "an age1 recipient has " + LENGTH + " bytes, not " + point.length);
    }
    LowOrder.refuse(point);
    return new X25519Recipient(point.clone(), text);
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
      return stanza(share, Aead.sealOnce(key, fileKey));
    } finally {
      Arrays.fill(ephemeral, (byte) 0);
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(key, (byte) 0);
    }
  }

  private static Stanza stanza(byte[] share, byte[] body) {
    return new Stanza(TYPE, List.of(RawBase64.encode(share)), body);
  }

  /** As long as every stanza of this type. */
  static Stanza sample() {
    return stanza(new byte[LENGTH], new byte[Stanza.WRAPPED_KEY_LENGTH]);
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
