package io.dvault.bundle;

import io.dvault.crypto.Aead;
import io.dvault.crypto.Hkdf;
import java.util.Arrays;

/**
 * The binary part of an age file: a nonce of 16 bytes, then chunks of 64 KiB under ChaCha20-Poly1305 (STREAM). The last
 * chunk is marked, and empty only when it is the only one. Source: C2SP age, "Payload".
 */
final class PayloadStream {
  static final int NONCE_LENGTH = 16;
  static final int CHUNK = 64 * 1024;
  private static final int SEALED_CHUNK = CHUNK + Aead.TAG_LENGTH;

  private PayloadStream() {}

  /** Bytes that {@code length} bytes of plaintext become, nonce included. */
  static int sealedLength(int length) {
    return NONCE_LENGTH + length + chunks(length, CHUNK) * Aead.TAG_LENGTH;
  }

  private static int chunks(int length, int size) {
    return Math.max(1, (length + size - 1) / size);
  }

  /** Seals to {@code out} at {@code at}, which has {@link #sealedLength} bytes left. */
  static void seal(byte[] fileKey, byte[] nonce, byte[] plaintext, byte[] out, int at) {
    System.arraycopy(nonce, 0, out, at, NONCE_LENGTH);
    byte[] key = Hkdf.derive(fileKey, nonce, "payload");
    try {
      int count = chunks(plaintext.length, CHUNK);
      for (int i = 0; i < count; i++) {
        int from = i * CHUNK;
        int length = Math.min(CHUNK, plaintext.length - from);
        int to = at + NONCE_LENGTH + i * SEALED_CHUNK;
        Aead.seal(key, chunkNonce(i, i == count - 1), plaintext, from, length, out, to);
      }
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * All of the plaintext, or an exception and nothing: it is wiped when a later chunk fails.
   * docs/threat-model.md T20.
   */
  static byte[] open(byte[] fileKey, byte[] file, int at) throws MalformedAgeException {
    int start = at + NONCE_LENGTH;
    if (file.length < start) {
      throw new MalformedAgeException(
          AgeFile.Part.HEADER, "the file ends before the payload's nonce");
    }
    int sealed = file.length - start;
    int count = chunks(sealed, SEALED_CHUNK);
    int last = sealed - (count - 1) * SEALED_CHUNK;
    if (last < Aead.TAG_LENGTH) {
      throw malformed("the payload is cut short");
    }
    if (last == Aead.TAG_LENGTH && count > 1) {
      throw malformed("the last chunk is empty");
    }
    byte[] plaintext = new byte[sealed - count * Aead.TAG_LENGTH];
    byte[] key = Hkdf.derive(fileKey, Arrays.copyOfRange(file, at, start), "payload");
    try {
      for (int i = 0; i < count; i++) {
        int length = i == count - 1 ? last : SEALED_CHUNK;
        boolean authentic = Aead.open(
            key,
            chunkNonce(i, i == count - 1),
            file,
            start + i * SEALED_CHUNK,
            length,
            plaintext,
            i * CHUNK);
        if (!authentic) {
          Arrays.fill(plaintext, (byte) 0);
          throw malformed(
              "chunk " + (i + 1) + " of " + count + " is not authentic: changed, moved or cut off");
        }
      }
      return plaintext;
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** 11 bytes of counter, big-endian, and 1 for the last chunk. */
  private static byte[] chunkNonce(int index, boolean last) {
    byte[] nonce = new byte[Aead.NONCE_LENGTH];
    for (int i = 0; i < Integer.BYTES; i++) {
      nonce[10 - i] = (byte) (index >>> 8 * i);
    }
    nonce[11] = (byte) (last ? 1 : 0);
    return nonce;
  }

  private static MalformedAgeException malformed(String reason) {
    return new MalformedAgeException(AgeFile.Part.PAYLOAD, reason);
  }
}
