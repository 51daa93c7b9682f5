package io.dvault.registry;

import io.dvault.model.Bytes32;
import io.dvault.model.EntryId;
import io.dvault.model.VaultSalt;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * How what is public of an entry is encrypted for whoever has the repository: nonce ‖ ChaCha20-Poly1305.
 * Both keys come from the salt, the entry and its generation by HKDF-SHA256; the nonce is an HMAC of the plaintext, so
 * the same input always gives the same bytes and the same root, and two inputs share a nonce by an accident of 2^-96
 * alone. It hides the content, and that two entries share it, not the length. Source: RFC 5869, RFC 8439; the nonce as in SIV,
 * RFC 5297.
 */
final class PublicPart {
  private static final String HMAC = "HmacSHA256";
  /** One for each thread: to look the algorithm up among the providers takes as long as a short HMAC. */
  private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(PublicPart::newMac);
  private static final int NONCE = 12;
  private static final int TAG = 16;
  private static final int OVERHEAD = NONCE + TAG;

  /** Most bytes of plaintext. */
  static final int MAX_LENGTH = RegistryCodec.MAX_PUBLIC - OVERHEAD;

  /** @param key of 32 bytes that nobody changes */
  private record Extracted(VaultSalt salt, byte[] key) {}

  private static volatile Extracted lastExtracted; // null before the first

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
      throw new IllegalArgumentException("a public part has at most " + MAX_LENGTH + " bytes, got " + plain.length);
    }
    byte[] keys = keys(form, salt, entry, generation);
    byte[] nonce = nonce(keys, plain);
    byte[] encrypted = Arrays.copyOf(nonce, encryptedLength(plain.length));
    try {
      cipher(Cipher.ENCRYPT_MODE, keys, nonce).doFinal(plain, 0, plain.length, encrypted, NONCE);
      return encrypted;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("encryption cannot fail", e);
    }
  }

  /** The plaintext, or empty when {@link #encrypt} did not make these bytes for just this form, entry, generation. */
  static Optional<byte[]> decrypt(Form form, VaultSalt salt, EntryId entry, long generation, byte[] encrypted) {
    if (encrypted.length < OVERHEAD || encrypted.length > RegistryCodec.MAX_PUBLIC) {
      return Optional.empty();
    }
    byte[] keys = keys(form, salt, entry, generation);
    byte[] nonce = Arrays.copyOf(encrypted, NONCE);
    try {
      byte[] plain = cipher(Cipher.DECRYPT_MODE, keys, nonce).doFinal(encrypted, NONCE, encrypted.length - NONCE);
      return MessageDigest.isEqual(nonce, nonce(keys, plain)) ? Optional.of(plain) : Optional.empty();
    } catch (AEADBadTagException e) {
      return Optional.empty(); // an expected outcome: another salt, another place, or a changed byte
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform of ours has ChaCha20-Poly1305", e);
    }
  }

  /** 32 bytes for the cipher, 32 for the nonce: HKDF with the salt as key, the place as info. RFC 5869 2. */
  private static byte[] keys(Form form, VaultSalt salt, EntryId entry, long generation) {
    byte[] prk = extracted(salt);
    byte[] place = ByteBuffer.allocate(form.info.length + Bytes32.LENGTH + Long.BYTES)
        .put(form.info).put(entry.bytes().toArray()).putLong(generation).array();
    byte[] first = hmac(prk, place, new byte[] {1});
    byte[] second = hmac(prk, first, place, new byte[] {2});
    return ByteBuffer.allocate(2 * Bytes32.LENGTH).put(first).put(second).array();
  }

  /** HKDF-Extract. One salt serves all entries of a vault, so the last one is remembered. */
  private static byte[] extracted(VaultSalt salt) {
    Extracted last = lastExtracted;
    if (last == null || !last.salt.equals(salt)) {
      last = new Extracted(salt, hmac(new byte[Bytes32.LENGTH], salt.bytes().toArray()));
      lastExtracted = last;
    }
    return last.key;
  }

  private static byte[] nonce(byte[] keys, byte[] plain) {
    return Arrays.copyOf(hmac(Arrays.copyOfRange(keys, Bytes32.LENGTH, keys.length), plain), NONCE);
  }

  private static Cipher cipher(int mode, byte[] keys, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
    cipher.init(mode, new SecretKeySpec(keys, 0, Bytes32.LENGTH, "ChaCha20"), new IvParameterSpec(nonce));
    return cipher;
  }

  private static byte[] hmac(byte[] key, byte[]... parts) {
    Mac mac = MAC.get();
    try {
      mac.init(new SecretKeySpec(key, HMAC)); // as new, whatever came before
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every key is one for HMAC", e);
    }
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }

  private static Mac newMac() {
    try {
      return Mac.getInstance(HMAC);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }
}
