package io.dvault.bundle;

import io.dvault.model.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * An age private key in use, thread-safe; wiped on close, printed as {@code (sensitive)}. No exception of this class
 * says anything of the key.
 */
public abstract sealed class Identity implements AutoCloseable
    permits HybridIdentity, X25519Identity {
  Identity() {}

  /** A new hybrid identity (ML-KEM-768 + X25519), the default. */
  public static Identity generate(SecureRandom random) {
    return HybridIdentity.create(random);
  }

  /** A new X25519 identity, by explicit choice. docs/threat-model.md T19. */
  public static Identity generateClassic(SecureRandom random) {
    return X25519Identity.create(random);
  }

  /** Reads {@code AGE-SECRET-KEY-PQ-1…} or {@code AGE-SECRET-KEY-1…}; throws IllegalArgumentException. */
  public static Identity parse(String text) {
    byte[] ascii = text.getBytes(StandardCharsets.UTF_8);
    try {
      return parse(ascii);
    } finally {
      Arrays.fill(ascii, (byte) 0);
    }
  }

  /** The same from ASCII bytes, which stay the caller's and can be wiped, as a String cannot. */
  public static Identity parse(byte[] ascii) {
    Bech32.Decoded decoded = Bech32.decodeSecret(ascii);
    try {
      return switch (decoded.prefix()) {
        case HybridIdentity.PREFIX -> HybridIdentity.of(decoded.data());
        case X25519Identity.PREFIX -> X25519Identity.of(decoded.data());
        default ->
          throw new IllegalArgumentException(
              "an identity starts with AGE-SECRET-KEY-PQ-1 or AGE-SECRET-KEY-1");
      };
    } finally {
      Arrays.fill(decoded.data(), (byte) 0);
    }
  }

  public abstract Recipient recipient();

  /** The identity string in ASCII; the caller closes it. */
  public abstract SecretBytes encode();

  /**
   * The file key when {@code stanza} is for this identity, empty when it is for another or of another type.
   *
   * @throws MalformedAgeException when it is of this identity's type and breaks its rules
   */
  abstract Optional<byte[]> unwrap(Stanza stanza) throws MalformedAgeException;

  @Override
  public abstract void close();

  @Override
  public final String toString() {
    return "(sensitive)";
  }
}
