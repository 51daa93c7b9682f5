package io.dvault.plugin.ssh;

import io.dvault.model.SecretBytes;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** An Ed25519 key pair, written and read as OpenSSH does. Closing wipes this object's own copy of the seed. */
final class SshKeyPair implements AutoCloseable {
  private static final String PEM_TYPE = "OPENSSH PRIVATE KEY";
  private static final int PEM_WIDTH = 70;

  private final SecretBytes seed;
  private final SshPublicKey publicKey;

  private SshKeyPair(SecretBytes seed, SshPublicKey publicKey) {
    this.seed = seed;
    this.publicKey = publicKey;
  }

  static SshKeyPair generate(SecureRandom random) {
    byte[] seed = new byte[Ed25519PrivateKeyParameters.KEY_SIZE];
    random.nextBytes(seed);
    return ofSeed(seed);
  }

  private static SshKeyPair ofSeed(byte[] owned) {
    byte[] raw = new Ed25519PrivateKeyParameters(owned).generatePublicKey().getEncoded();
    return new SshKeyPair(SecretBytes.owning(owned), SshPublicKey.ofEd25519(raw));
  }

  /** Reads an unencrypted OpenSSH private key file; throws IllegalArgumentException, which never quotes the file. */
  static SshKeyPair parse(byte[] pem) {
    try (PemReader reader = new PemReader(new StringReader(new String(pem, StandardCharsets.US_ASCII)))) {
      PemObject object = reader.readPemObject();
      if (object == null || !object.getType().equals(PEM_TYPE)) {
        throw new IllegalArgumentException("not an OpenSSH private key file");
      }
      AsymmetricKeyParameter key = OpenSSHPrivateKeyUtil.parsePrivateKeyBlob(object.getContent());
      Arrays.fill(object.getContent(), (byte) 0);
      if (!(key instanceof Ed25519PrivateKeyParameters ed25519)) {
        throw new IllegalArgumentException("not an Ed25519 key");
      }
      return ofSeed(ed25519.getEncoded());
    } catch (IOException | IllegalStateException e) {
      throw new IllegalArgumentException("not an unencrypted OpenSSH private key file");
    }
  }

  SshPublicKey publicKey() {
    return publicKey;
  }

  /** The private key file, {@code -----BEGIN OPENSSH PRIVATE KEY-----}; owned by the caller. */
  SecretBytes toPem() {
    byte[] binary;
    try {
      binary = OpenSSHPrivateKeyUtil.encodePrivateKey(new Ed25519PrivateKeyParameters(seed.borrow()));
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory does not fail", e);
    }
    byte[] base64 = Base64.getMimeEncoder(PEM_WIDTH, new byte[] {'\n'}).encode(binary);
    byte[] begin = ("-----BEGIN " + PEM_TYPE + "-----\n").getBytes(StandardCharsets.US_ASCII);
    byte[] end = ("\n-----END " + PEM_TYPE + "-----\n").getBytes(StandardCharsets.US_ASCII);
    byte[] pem = new byte[begin.length + base64.length + end.length];
    System.arraycopy(begin, 0, pem, 0, begin.length);
    System.arraycopy(base64, 0, pem, begin.length, base64.length);
    System.arraycopy(end, 0, pem, begin.length + base64.length, end.length);
    Arrays.fill(binary, (byte) 0);
    Arrays.fill(base64, (byte) 0);
    return SecretBytes.owning(pem);
  }

  /** The SSH signature blob: string algorithm, string signature. RFC 8709 section 6. */
  byte[] sign(byte[] message) {
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(true, new Ed25519PrivateKeyParameters(seed.borrow()));
    signer.update(message, 0, message.length);
    return new SshWriter().string(SshPublicKey.ED25519).string(signer.generateSignature()).toBytes();
  }

  @Override
  public void close() {
    seed.close();
  }

  @Override
  public String toString() {
    return publicKey + " (private part sensitive)";
  }
}
