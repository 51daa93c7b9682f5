package io.dvault.plugin.tls;

import io.dvault.crypto.Ed25519Key;
import io.dvault.model.Bytes32;
import java.io.IOException;
import java.util.Base64;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/** A public key of one of our types. Two are equal when their encodings are. */
final class TlsPublicKey {
  private final KeyType type;
  private final AsymmetricKeyParameter key;
  private final SubjectPublicKeyInfo info;

  private TlsPublicKey(KeyType type, AsymmetricKeyParameter key, SubjectPublicKeyInfo info) {
    this.type = type;
    this.key = key;
    this.info = info;
  }

  /** Throws IllegalArgumentException for keys of other types, and for points that are not on their curve. */
  static TlsPublicKey of(SubjectPublicKeyInfo info) {
    try {
      AsymmetricKeyParameter key = PublicKeyFactory.createKey(info);
      KeyType type = switch (key) {
        case Ed25519PublicKeyParameters ed25519 -> KeyType.ED25519;
        case ECPublicKeyParameters ec when isP256(ec) -> KeyType.ECDSA_P256;
        default -> throw new IllegalArgumentException("its key is neither P-256 nor Ed25519");
      };
      return new TlsPublicKey(type, key, info);
    } catch (IOException e) {
      throw new IllegalArgumentException("it holds no public key");
    }
  }

  private static boolean isP256(ECPublicKeyParameters key) {
    return key.getParameters() instanceof ECNamedDomainParameters named
        && named.getName().equals(SECObjectIdentifiers.secp256r1);
  }

  KeyType type() {
    return type;
  }

  /** As it stands in a certificate. */
  SubjectPublicKeyInfo info() {
    return info;
  }

  boolean verifies(byte[] message, byte[] signature) {
    if (key instanceof Ed25519PublicKeyParameters ed25519) {
      return Ed25519Key.verifies(ed25519.getEncoded(), message, signature);
    }
    DSADigestSigner verifier = new DSADigestSigner(new ECDSASigner(), new SHA256Digest());
    verifier.init(false, key);
    verifier.update(message, 0, message.length);
    return verifier.verifySignature(signature);
  }

  /** Its hash as OpenSSH forms it: one key is known again whatever it is used for. */
  Bytes32 id() {
    try {
      return Bytes32.sha256(OpenSSHPublicKeyUtil.encodePublicKey(key));
    } catch (IOException e) {
      throw new IllegalStateException("a key of a known type has no OpenSSH form", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TlsPublicKey that && info.equals(that.info);
  }

  @Override
  public int hashCode() {
    return info.hashCode();
  }

  /** {@code ecdsa-p256 SHA256:…}, the hash as ssh-keygen -l prints it. */
  @Override
  public String toString() {
    return type.word + " SHA256:"
        + Base64.getEncoder().withoutPadding().encodeToString(id().toArray());
  }
}
