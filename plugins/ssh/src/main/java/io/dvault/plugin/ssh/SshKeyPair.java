package io.dvault.plugin.ssh;

import io.dvault.crypto.Ed25519Key;
import io.dvault.model.SecretBytes;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * An Ed25519 key pair, written and read as OpenSSH does. The public half is computed once: that costs as much as a
 * signature. Seed and key file are never copied to where they are not wiped; closing wipes the seed.
 */
final class SshKeyPair implements AutoCloseable {
  private static final String PEM_TYPE = "OPENSSH PRIVATE KEY";
  private static final byte[] BEGIN = ascii("-----BEGIN " + PEM_TYPE + "-----\n");
  private static final byte[] END = ascii("\n-----END " + PEM_TYPE + "-----\n");
  private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(70, new byte[] {'\n'});
  private static final byte[] MAGIC = ascii("openssh-key-v1\0");
  private static final byte[] NO_CIPHER = ascii("none");
  private static final byte[] ALGORITHM = ascii(SshPublicKey.ED25519);
  private static final int CIPHER_BLOCK = 8; // that of the cipher "none"

  private final Ed25519Key key;
  private final SshPublicKey publicKey;

  private SshKeyPair(Ed25519Key key) {
    this.key = key;
    this.publicKey = SshPublicKey.ofEd25519(key.publicKey());
  }

  static SshKeyPair generate(SecureRandom random) {
    return new SshKeyPair(Ed25519Key.generate(random));
  }

  /** Reads an unencrypted OpenSSH private key file; throws IllegalArgumentException, which never quotes the file. */
  static SshKeyPair parse(byte[] pem) {
    try (PemReader reader =
        new PemReader(new StringReader(new String(pem, StandardCharsets.US_ASCII)))) {
      PemObject object = reader.readPemObject();
      if (object == null || !object.getType().equals(PEM_TYPE)) {
        throw new IllegalArgumentException("not an OpenSSH private key file");
      }
      AsymmetricKeyParameter key = OpenSSHPrivateKeyUtil.parsePrivateKeyBlob(object.getContent());
      Arrays.fill(object.getContent(), (byte) 0);
      if (!(key instanceof Ed25519PrivateKeyParameters ed25519)) {
        throw new IllegalArgumentException("not an Ed25519 key");
      }
      return new SshKeyPair(Ed25519Key.ofSeed(ed25519.getEncoded()));
    } catch (IOException | IllegalStateException e) {
      throw new IllegalArgumentException("not an unencrypted OpenSSH private key file");
    }
  }

  SshPublicKey publicKey() {
    return publicKey;
  }

  /** The private key file, {@code -----BEGIN OPENSSH PRIVATE KEY-----}; owned by the caller. */
  SecretBytes toPem() {
    byte[] binary = toBinary();
    byte[] base64 = BASE64.encode(binary);
    try {
      return SecretBytes.owning(ByteBuffer.allocate(BEGIN.length + base64.length + END.length)
          .put(BEGIN)
          .put(base64)
          .put(END)
          .array());
    } finally {
      Arrays.fill(binary, (byte) 0);
      Arrays.fill(base64, (byte) 0);
    }
  }

  /** Source: OpenSSH PROTOCOL.key, without encryption and comment. */
  private byte[] toBinary() {
    byte[] blob = publicKey.blob();
    byte[] rawPublic = key.publicKey();
    int fields = 2 * Integer.BYTES
        + lengthOf(ALGORITHM)
        + lengthOf(rawPublic)
        + 2 * Integer.BYTES
        + 2 * rawPublic.length;
    int padding = Math.floorMod(-fields, CIPHER_BLOCK);
    int head =
        MAGIC.length + 2 * lengthOf(NO_CIPHER) + 2 * Integer.BYTES + lengthOf(blob) + Integer.BYTES;
    ByteBuffer out = ByteBuffer.allocate(head + fields + padding).put(MAGIC);
    string(string(out, NO_CIPHER), NO_CIPHER)
        .putInt(0)
        .putInt(1); // no options for the cipher; one key
    string(out, blob).putInt(fields + padding);
    int check =
        Arrays.hashCode(rawPublic); // the same twice: only a wrong passphrase makes them differ
    string(string(out.putInt(check).putInt(check), ALGORITHM), rawPublic);
    out.putInt(2 * rawPublic.length).put(key.borrowSeed()).put(rawPublic).putInt(0);
    for (int i = 1; i <= padding; i++) {
      out.put((byte) i);
    }
    return out.array();
  }

  private static int lengthOf(byte[] string) {
    return Integer.BYTES + string.length;
  }

  private static ByteBuffer string(ByteBuffer out, byte[] value) {
    return out.putInt(value.length).put(value);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The SSH signature blob: string algorithm, string signature. RFC 8709 section 6. */
  byte[] sign(byte[] message) {
    return new SshWriter()
        .string(SshPublicKey.ED25519)
        .string(key.sign(message))
        .toBytes();
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return publicKey + " (private part sensitive)";
  }
}
