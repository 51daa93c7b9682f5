package io.dvault.plugin.tls;

import io.dvault.crypto.Ed25519Key;
import io.dvault.model.SecretBytes;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * A key pair, written and read as PKCS #8 (RFC 5958) in PEM (RFC 7468), which every TLS server
 * takes. What is encoded here
 * is wiped; BouncyCastle's numbers cannot be, and go with the garbage.
 */
final class TlsKeyPair {
  private final AsymmetricKeyParameter key;
  private final TlsPublicKey publicKey;

  private TlsKeyPair(AsymmetricKeyParameter key, AsymmetricKeyParameter publicKey) {
    this.key = key;
    try {
      this.publicKey =
          TlsPublicKey.of(SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(publicKey));
    } catch (IOException e) {
      throw new IllegalArgumentException("the public key cannot be encoded");
    }
  }

  static TlsKeyPair generate(KeyType type, SecureRandom random) {
    return switch (type) {
      case ED25519 -> ofEd25519(new Ed25519PrivateKeyParameters(random));
      case ECDSA_P256 -> {
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(p256(), random));
        var pair = generator.generateKeyPair();
        yield new TlsKeyPair(pair.getPrivate(), pair.getPublic());
      }
    };
  }

  private static TlsKeyPair ofEd25519(Ed25519PrivateKeyParameters key) {
    return new TlsKeyPair(key, key.generatePublicKey());
  }

  private static ECNamedDomainParameters p256() {
    return new ECNamedDomainParameters(
        SECObjectIdentifiers.secp256r1, CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256r1));
  }

  /** Reads an unencrypted PKCS #8 file; throws IllegalArgumentException, which never quotes the file. */
  static TlsKeyPair parse(byte[] pem) {
    return ofPkcs8(Pem.read(pem, Pem.PRIVATE_KEY).getFirst());
  }

  /** @param der wiped here */
  static TlsKeyPair ofPkcs8(byte[] der) {
    try {
      return switch (PrivateKeyFactory.createKey(der)) {
        case Ed25519PrivateKeyParameters key -> ofEd25519(key);
        case ECPrivateKeyParameters key
        when isP256(key) ->
          new TlsKeyPair(
              key,
              new ECPublicKeyParameters(
                  new FixedPointCombMultiplier().multiply(p256().getG(), key.getD()), p256()));
        default -> throw new IllegalArgumentException("neither a P-256 nor an Ed25519 key");
      };
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "not a PKCS #8 private key of a known type"); // a cause could quote the key
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  private static boolean isP256(ECPrivateKeyParameters key) {
    return key.getParameters() instanceof ECNamedDomainParameters named
        && named.getName().equals(SECObjectIdentifiers.secp256r1);
  }

  TlsPublicKey publicKey() {
    return publicKey;
  }

  /** The private key file, {@code -----BEGIN PRIVATE KEY-----}; owned by the caller. */
  SecretBytes toPem() {
    byte[] der = toPkcs8();
    try {
      return SecretBytes.owning(Pem.of(Pem.PRIVATE_KEY, der));
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  private byte[] toPkcs8() {
    try {
      PrivateKeyInfo info = switch (key) {
        // RFC 8410 section 7, version 1: OpenSSL before 3.2 reads no version 2, which repeats the
        // public key.
        case Ed25519PrivateKeyParameters ed25519 ->
          new PrivateKeyInfo(KeyType.ED25519.signature(), new DEROctetString(ed25519.getEncoded()));
        default -> PrivateKeyInfoFactory.createPrivateKeyInfo(key);
      };
      return info.getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw new IllegalStateException("a key of a known type has no PKCS #8 form", e);
    }
  }

  /** As a certificate carries it: ECDSA with SHA-256, deterministic (RFC 6979), in DER; or Ed25519 (RFC 8032). */
  byte[] sign(byte[] message) {
    if (key instanceof Ed25519PrivateKeyParameters ed25519) {
      try (Ed25519Key pair = Ed25519Key.ofSeed(ed25519.getEncoded())) {
        return pair.sign(message);
      }
    }
    DSADigestSigner signer = new DSADigestSigner(
        new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest())), new SHA256Digest());
    signer.init(true, key);
    signer.update(message, 0, message.length);
    return signer.generateSignature();
  }

  @Override
  public String toString() {
    return publicKey + " (private part sensitive)";
  }
}
