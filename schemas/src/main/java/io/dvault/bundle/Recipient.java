package io.dvault.bundle;

import io.dvault.model.DeviceId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * An age public key in use, thread-safe; prints as its recipient string. Parse it once and seal with it often.
 * Source: C2SP age, "Native recipient types".
 */
public abstract sealed class Recipient permits HybridRecipient, X25519Recipient {
  private final String text;

  Recipient(String text) {
    this.text = text;
  }

  /**
   * Reads {@code age1pq1…} (hybrid ML-KEM-768 + X25519) or {@code age1…} (X25519); throws IllegalArgumentException with
   * the reason for everything else, a key of low order included.
   */
  public static Recipient parse(String text) {
    if (text.regionMatches(true, 0, "AGE-SECRET-KEY-", 0, 15)) {
      throw new IllegalArgumentException("this is a private key, not a recipient: keep it secret");
    }
    Bech32.Decoded decoded = Bech32.decode(text);
    return switch (decoded.prefix()) {
      case HybridRecipient.PREFIX -> HybridRecipient.of(decoded.data(), text);
      case X25519Recipient.PREFIX -> X25519Recipient.of(decoded.data(), text);
      default ->
        throw new IllegalArgumentException(
            "recipients start with age1pq1 (or age1), not " + decoded.prefix() + "1");
    };
  }

  static String encode(String prefix, byte[] key) {
    return new String(Bech32.encode(prefix, key), StandardCharsets.US_ASCII);
  }

  public abstract boolean isPostQuantum();

  /**
   * SHA-256 of the recipient string: the id of the device that holds the identity.
   * schemas/spec/registry.md.
   */
  public DeviceId deviceId() {
    return DeviceId.ofRecipient(text);
  }

  /** Wraps the file key of 16 bytes; draws its randomness from {@code random} alone. */
  abstract Stanza wrap(byte[] fileKey, SecureRandom random);

  @Override
  public boolean equals(Object other) {
    return other instanceof Recipient that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The recipient string, lower case. */
  @Override
  public String toString() {
    return text;
  }
}
