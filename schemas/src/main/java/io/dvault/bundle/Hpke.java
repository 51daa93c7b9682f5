package io.dvault.bundle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * HPKE, RFC 9180, for the one suite that age uses: MLKEM768-X25519 (0x647a), HKDF-SHA256 (1), ChaCha20Poly1305 (3),
 * base mode, one message a context. An instance holds what depends on {@code info} alone. Thread-safe.
 */
final class Hpke {
  private static final byte[] VERSION = ascii("HPKE-v1");
  private static final byte[] SUITE = {'H', 'P', 'K', 'E', 0x64, 0x7a, 0, 1, 0, 3};
  private static final byte MODE_BASE = 0;

  private final byte[] context;

  Hpke(byte[] info) {
    byte[] pskIdHash = labeledExtract(Hkdf.none(), "psk_id_hash", Hkdf.none());
    byte[] infoHash = labeledExtract(Hkdf.none(), "info_hash", info);
    context = ByteBuffer.allocate(1 + 2 * Hkdf.LENGTH).put(MODE_BASE).put(pskIdHash).put(infoHash).array();
  }

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

  byte[] seal(byte[] sharedSecret, byte[] plaintext) {
    try (Schedule schedule = schedule(sharedSecret)) {
      return Aead.sealOnce(schedule.key, schedule.nonce, plaintext);
    }
  }

  Optional<byte[]> open(byte[] sharedSecret, byte[] ciphertext) {
    try (Schedule schedule = schedule(sharedSecret)) {
      return Aead.openOnce(schedule.key, schedule.nonce, ciphertext);
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

  private static byte[] labeledExtract(byte[] salt, String label, byte[] secret) {
    return Hkdf.extract(salt, VERSION, SUITE, ascii(label), secret);
  }

  private static byte[] labeledExpand(byte[] key, String label, byte[] info, int length) {
    byte[] lengthBytes = {(byte) (length >> 8), (byte) length};
    return Hkdf.expand(key, length, lengthBytes, VERSION, SUITE, ascii(label), info);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
