package io.dvault.bundle;

import io.dvault.model.SecretBytes;
import java.security.SecureRandom;
import java.util.Optional;

/** {@code AGE-SECRET-KEY-PQ-1…}: a seed of 32 bytes, expanded as X-Wing does. */
public final class HybridIdentity extends Identity {
  static final String PREFIX = "age-secret-key-pq-";
  private final SecretBytes seed;
  private final XWing.PrivateKey key;
  private final HybridRecipient recipient;

  private HybridIdentity(SecretBytes seed) {
    this.seed = seed;
    this.key = new XWing.PrivateKey(seed.borrow());
    this.recipient = HybridRecipient.of(key.publicKey());
  }

  static HybridIdentity create(SecureRandom random) {
    byte[] seed = new byte[XWing.SEED_LENGTH];
    random.nextBytes(seed);
    return new HybridIdentity(SecretBytes.owning(seed));
  }

  static HybridIdentity of(byte[] seed) {
    if (seed.length != XWing.SEED_LENGTH) {
      throw new IllegalArgumentException("a hybrid identity has 32 bytes, not " + seed.length);
    }
    return new HybridIdentity(SecretBytes.copyOf(seed));
  }

  @Override
  public HybridRecipient recipient() {
    return recipient;
  }

  @Override
  public SecretBytes encode() {
    return upperCase(Bech32.encode(PREFIX, seed.borrow()));
  }

  static SecretBytes upperCase(byte[] ascii) {
    for (int i = 0; i < ascii.length; i++) {
      if (ascii[i] >= 'a' && ascii[i] <= 'z') {
        ascii[i] = (byte) (ascii[i] - 'a' + 'A');
      }
    }
    return SecretBytes.owning(ascii);
  }

  @Override
  Optional<byte[]> unwrap(Stanza stanza) throws MalformedAgeException {
    if (!stanza.type().equals(HybridRecipient.TYPE)) {
      return Optional.empty();
    }
    byte[] enc = stanza.onlyArgument(XWing.ENC_LENGTH);
    stanza.requireWrappedKey();
    seed.borrow(); // refuses after close, when the key is wiped
    return HybridRecipient.HPKE.open(key, enc, stanza.body());
  }

  @Override
  public void close() {
    seed.close();
    key.close();
  }
}
