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
  private static final byte[] INFO = "age-encryption.org/mlkem768x25519".getBytes(StandardCharsets.US_ASCII);
  static final Hpke HPKE = new Hpke(INFO);

  private final byte[] key;
  private volatile Encapsulator mlkem; // made at the first seal: most runs parse every recipient and seal to none

  private HybridRecipient(byte[] key, String text) {
    super(text);
    this.key = key;
  }

  static HybridRecipient of(byte[] key) {
    return of(key, encode(PREFIX, key));
  }

  /** Takes {@code text}, which {@code key} was decoded from: it has one form only. */
  static HybridRecipient of(byte[] key, String text) {
    if (key.length != XWing.PUBLIC_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "an age1pq1 recipient has " + XWing.PUBLIC_KEY_LENGTH + " bytes, not " + key.length);
    }
    if (!Encapsulator.isKey(mlkemKey(key))) {
      throw new IllegalArgumentException("the ML-KEM key fails the modulus check");
    }
    LowOrder.refuse(point(key));
    return new HybridRecipient(key, text);
  }

  /** Of a key that {@link #of} took before. */
  static HybridRecipient again(byte[] key, String text) {
    return new HybridRecipient(key, text);
  }

  private static byte[] mlkemKey(byte[] key) {
    return Arrays.copyOf(key, XWing.MLKEM_KEY_LENGTH);
  }

  private static byte[] point(byte[] key) {
    return Arrays.copyOfRange(key, XWing.MLKEM_KEY_LENGTH, XWing.PUBLIC_KEY_LENGTH);
  }

  private Encapsulator mlkem() {
    Encapsulator made = mlkem;
    if (made == null) {
      made = Encapsulator.of(mlkemKey(key)); // made twice by two threads at once: both are right
      mlkem = made;
    }
    return made;
  }

  @Override
  public boolean isPostQuantum() {
    return true;
  }

  @Override
  Stanza wrap(byte[] fileKey, SecureRandom random) {
    byte[] randomness = new byte[XWing.RANDOMNESS];
    random.nextBytes(randomness);
    XWing.Encapsulated encapsulated = XWing.encapsulate(mlkem(), point(key), randomness);
    try {
      return new Stanza(
          TYPE, List.of(RawBase64.encode(encapsulated.enc())), HPKE.seal(encapsulated.secret(), fileKey));
    } finally {
      Arrays.fill(randomness, (byte) 0);
      Arrays.fill(encapsulated.secret(), (byte) 0);
    }
  }
}
