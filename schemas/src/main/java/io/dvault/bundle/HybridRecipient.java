package io.dvault.bundle;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * {@code age1pq1…}: ML-KEM-768 + X25519, the default. Source: C2SP age, "The MLKEM768-X25519 recipient type", as in
 * filippo.io/age 1.3.
 */
public final class HybridRecipient extends Recipient {
  static final String PREFIX = "age1pq";
  static final String TYPE = "mlkem768x25519";
  static final Hpke HPKE = new Hpke("age-encryption.org/mlkem768x25519".getBytes(StandardCharsets.US_ASCII));

  private final Encapsulator mlkem;
  private final byte[] point;

  private HybridRecipient(byte[] key) {
    super(new String(Bech32.encode(PREFIX, key), StandardCharsets.US_ASCII));
    this.mlkem = Encapsulator.bouncyCastle(Arrays.copyOf(key, XWing.MLKEM_KEY_LENGTH));
    this.point = Arrays.copyOfRange(key, XWing.MLKEM_KEY_LENGTH, XWing.PUBLIC_KEY_LENGTH);
  }

  static HybridRecipient of(byte[] key) {
    if (key.length != XWing.PUBLIC_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "an age1pq1 recipient has " + XWing.PUBLIC_KEY_LENGTH + " bytes, not " + key.length);
    }
    X25519Recipient.requireFullOrder(key, XWing.MLKEM_KEY_LENGTH);
    return new HybridRecipient(key);
  }

  @Override
  public boolean isPostQuantum() {
    return true;
  }

  @Override
  Stanza wrap(byte[] fileKey, SecureRandom random) {
    byte[] randomness = new byte[XWing.RANDOMNESS];
    random.nextBytes(randomness);
    XWing.Encapsulated encapsulated = XWing.encapsulate(mlkem, point, randomness);
    try {
      byte[] body = HPKE.seal(encapsulated.secret(), fileKey);
      return new Stanza(TYPE, List.of(RawBase64.encode(encapsulated.enc())), body);
    } finally {
      Arrays.fill(randomness, (byte) 0);
      Arrays.fill(encapsulated.secret(), (byte) 0);
    }
  }
}
