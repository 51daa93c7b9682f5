package io.dvault.bundle;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;

/**
 * {@code age1pq1…}: ML-KEM-768 + X25519, the default. Source: C2SP age, "The MLKEM768-X25519 recipient type", as in
 * filippo.io/age 1.3.
 */
public final class HybridRecipient extends Recipient {
  static final String PREFIX = "age1pq";
  static final String TYPE = "mlkem768x25519";
  static final Hpke HPKE = new Hpke(
      XWing.KEM_ID, "age-encryption.org/mlkem768x25519".getBytes(StandardCharsets.US_ASCII));

  /** As bytes: a fleet's recipients are parsed by most runs and sealed to by few, and the platform's form is larger. */
  private final byte[] key;

  private HybridRecipient(byte[] key, String text) {
    super(text);
    this.key = key;
  }

  static HybridRecipient of(byte[] key) {
    return of(key, encode(PREFIX, key));
  }

  /** Takes {@code text}, which {@code key} was decoded from: it has one form only. */
  static HybridRecipient of(byte[] key, String text) {
    new XWing.PublicKey(key); // refuses what is no key
    return new HybridRecipient(key, text);
  }

  @Override
  public boolean isPostQuantum() {
    return true;
  }

  @Override
  Stanza wrap(byte[] fileKey, SecureRandom random) {
    Hpke.Sealed sealed = HPKE.seal(new XWing.PublicKey(key), random, fileKey);
    return stanza(sealed.enc(), sealed.ciphertext());
  }

  private static Stanza stanza(byte[] enc, byte[] body) {
    return new Stanza(TYPE, List.of(RawBase64.encode(enc)), body);
  }

  /** As long as every stanza of this type. */
  static Stanza sample() {
    return stanza(new byte[XWing.ENC_LENGTH], new byte[Stanza.WRAPPED_KEY_LENGTH]);
  }
}
