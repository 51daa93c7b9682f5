package io.dvault.bundle;

import io.dvault.crypto.Aead;
import io.dvault.crypto.Hkdf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * HPKE, RFC 9180, as age uses it: any KEM, HKDF-SHA256 (1), ChaCha20Poly1305 (3), base mode, one message a context.
 * An instance holds what depends on the KEM's number and {@code info} alone. Thread-safe.
 */
final class Hpke {
  private static final byte[] VERSION = ascii("HPKE-v1");
  private static final byte MODE_BASE = 0;

  private final byte[] suite;
  private final byte[] context;

  /** @param kemId the KEM's number in the registry of RFC 9180 7.1 */
  Hpke(int kemId, byte[] info) {
    suite = new byte[] {'H', 'P', 'K', 'E', (byte) (kemId >> 8), (byte) kemId, 0, 1, 0, 3};
    byte[] pskIdHash = labeledExtract(Hkdf.none(), "psk_id_hash", Hkdf.none());
    byte[] infoHash = labeledExtract(Hkdf.none(), "info_hash", info);
    context = ByteBuffer.allocate(1 + 2 * Hkdf.LENGTH)
        .put(MODE_BASE)
        .put(pskIdHash)
        .put(infoHash)
        .array();
  }

  /** Encapsulated key and ciphertext; both are public. */
  record Sealed(byte[] enc, byte[] ciphertext) {}

  /** Key and nonce of the first message. RFC 9180 5.1. */
  record Schedule(byte[] key, byte[] nonce) implements AutoCloseable {
    @Override
    public void close() {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(nonce, (byte) 0);
    }

    @Override
    public String toString() {
      return "(sensitive)";
    }
  }

  Sealed seal(Kem.PublicKey key, SecureRandom random, byte[] plaintext) {
    Kem.Encapsulated encapsulated = key.encapsulate(random);
    try (Schedule schedule = schedule(encapsulated.secret())) {
      return new Sealed(encapsulated.enc(), Aead.sealOnce(schedule.key, schedule.nonce, plaintext));
    } finally {
      Arrays.fill(encapsulated.secret(), (byte) 0);
    }
  }

  /**
   * The plaintext; empty when it was not sealed to this key.
   *
   * @throws MalformedAgeException for an {@code enc} that the KEM refuses
   */
  Optional<byte[]> open(Kem.PrivateKey key, byte[] enc, byte[] ciphertext)
      throws MalformedAgeException {
    byte[] secret = key.decapsulate(enc);
    try (Schedule schedule = schedule(secret)) {
      return Aead.openOnce(schedule.key, schedule.nonce, ciphertext);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  Schedule schedule(byte[] sharedSecret) {
    byte[] secret = labeledExtract(sharedSecret, "secret", Hkdf.none());
    try {
      return new Schedule(
          labeledExpand(secret, "key", context, Aead.KEY_LENGTH),
          labeledExpand(secret, "base_nonce", context, Aead.NONCE_LENGTH));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private byte[] labeledExtract(byte[] salt, String label, byte[] secret) {
    return Hkdf.extract(salt, VERSION, suite, ascii(label), secret);
  }

  private byte[] labeledExpand(byte[] key, String label, byte[] info, int length) {
    byte[] lengthBytes = {(byte) (length >> 8), (byte) length};
    return Hkdf.expand(key, length, lengthBytes, VERSION, suite, ascii(label), info);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
