package io.dvault.bundle;

import io.dvault.crypto.Aead;
import io.dvault.model.SecretBytes;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** {@code AGE-SECRET-KEY-1…}: an X25519 scalar. */
public final class X25519Identity extends Identity {
  static final String PREFIX = "age-secret-key-";
  private final SecretBytes scalar;
  private final X25519Recipient recipient;

  private X25519Identity(SecretBytes scalar) {
    byte[] point = new byte[X25519Recipient.LENGTH];
    X25519.scalarMultBase(scalar.borrow(), 0, point, 0);
    this.scalar = scalar;
    this.recipient = X25519Recipient.of(point);
  }

  static X25519Identity create(SecureRandom random) {
    byte[] scalar = new byte[X25519.SCALAR_SIZE];
    random.nextBytes(scalar);
    return new X25519Identity(SecretBytes.owning(scalar));
  }

  static X25519Identity of(byte[] scalar) {
    if (scalar.length != X25519.SCALAR_SIZE) {
      throw new IllegalArgumentException("an X25519 identity has 32 bytes, not " + scalar.length);
    }
    return new X25519Identity(SecretBytes.copyOf(scalar));
  }

  @Override
  public X25519Recipient recipient() {
    return recipient;
  }

  @Override
  public SecretBytes encode() {
    return HybridIdentity.upperCase(Bech32.encode(PREFIX, scalar.borrow()));
  }

  @Override
  Optional<byte[]> unwrap(Stanza stanza) throws MalformedAgeException {
    if (!stanza.type().equals(X25519Recipient.TYPE)) {
      return Optional.empty();
    }
    byte[] share = stanza.onlyArgument(X25519Recipient.LENGTH);
    stanza.requireWrappedKey();
    byte[] secret = new byte[X25519Recipient.LENGTH];
    byte[] key = new byte[0];
    try {
      if (!X25519.calculateAgreement(scalar.borrow(), 0, share, 0, secret, 0)) {
        throw new MalformedAgeException(AgeFile.Part.HEADER, "X25519 stanza: share of low order");
      }
      key = X25519Recipient.wrappingKey(secret, share, recipient.point());
      return Aead.openOnce(key, stanza.body());
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(key, (byte) 0);
    }
  }

  @Override
  public void close() {
    scalar.close();
  }
}
