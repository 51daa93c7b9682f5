package io.dvault.registry;

import io.dvault.crypto.Aead;
import io.dvault.crypto.Hkdf;
import io.dvault.model.Bytes32;
import io.dvault.model.EntryId;
import io.dvault.model.VaultSalt;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * How what is public of an entry is encrypted for whoever has the repository: nonce ‖ ChaCha20-Poly1305.
 * Both keys come from the salt, the entry and its generation by HKDF-SHA256; the nonce is an HMAC of the plaintext, so
 * the same input always gives the same bytes and the same root, and two inputs share a nonce by an accident of 2^-96
 * alone. It hides the content, and that two entries share it, not the length. Source: RFC 5869, RFC
 * 8439; the nonce as in SIV,
 * RFC 5297.
 */
final class PublicPart {
  private static final int NONCE = Aead.NONCE_LENGTH;
  private static final int OVERHEAD = NONCE + Aead.TAG_LENGTH;

  /** Most bytes of plaintext. */
  static final int MAX_LENGTH = RegistryCodec.MAX_PUBLIC - OVERHEAD;

  /** What the plaintext is; each form has keys of its own, so that none is ever read as another. */
  enum Form {
    /** The public part alone, as the first vaults have it. */
    PART("dvault.io/v1 public part"),
    /** A {@link PublicFacts}. */
    FACTS("dvault.io/v1 public facts");

    private final byte[] info;

    Form(String label) {
      this.info = (label + "\0").getBytes(StandardCharsets.US_ASCII);
    }
  }

  private PublicPart() {}

  static int encryptedLength(int plain) {
    return OVERHEAD + plain;
  }

  /** At most {@link #MAX_LENGTH} bytes in, 28 more out. */
  static byte[] encrypt(Form form, VaultSalt salt, EntryId entry, long generation, byte[] plain) {
    if (plain.length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a public part has at most " + MAX_LENGTH + " bytes, got " + plain.length);
    }
    Keys keys = keys(form, salt, entry, generation);
    byte[] nonce = keys.nonce(plain);
    byte[] encrypted = Arrays.copyOf(nonce, encryptedLength(plain.length));
    Aead.seal(keys.cipher, nonce, plain, 0, plain.length, encrypted, NONCE);
    return encrypted;
  }

  /** The plaintext, or empty when {@link #encrypt} did not make these bytes for just this form, entry, generation. */
  static Optional<byte[]> decrypt(
      Form form, VaultSalt salt, EntryId entry, long generation, byte[] encrypted) {
    if (encrypted.length < OVERHEAD || encrypted.length > RegistryCodec.MAX_PUBLIC) {
      return Optional.empty();
    }
    Keys keys = keys(form, salt, entry, generation);
    byte[] nonce = Arrays.copyOf(encrypted, NONCE);
    return Aead.openOnce(keys.cipher, nonce, Arrays.copyOfRange(encrypted, NONCE, encrypted.length))
        .filter(plain -> MessageDigest.isEqual(nonce, keys.nonce(plain)));
  }

  /** Of 32 bytes each. */
  private record Keys(byte[] cipher, byte[] forNonce) {
    byte[] nonce(byte[] plain) {
      return Arrays.copyOf(Hkdf.hmac(forNonce, plain), NONCE);
    }
  }

  private static Keys keys(Form form, VaultSalt salt, EntryId entry, long generation) {
    byte[] place = ByteBuffer.allocate(form.info.length + Bytes32.LENGTH + Long.BYTES)
        .put(form.info)
        .put(entry.bytes().toArray())
        .putLong(generation)
        .array();
    byte[] both =
        Hkdf.expand(Hkdf.extract(Hkdf.none(), salt.bytes().toArray()), 2 * Aead.KEY_LENGTH, place);
    return new Keys(
        Arrays.copyOf(both, Aead.KEY_LENGTH),
        Arrays.copyOfRange(both, Aead.KEY_LENGTH, both.length));
  }
}
