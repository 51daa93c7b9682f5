package io.dvault.plugin.tls;

import io.dvault.model.Validity;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;

/** An X.509 certificate over a key of one of our types, as written by us and as read on the device. RFC 5280. */
final class Certificate {
  private static final Set<ASN1ObjectIdentifier> KNOWN_CRITICAL = Set.of(
      Extension.basicConstraints,
      Extension.keyUsage,
      Extension.extendedKeyUsage,
      Extension.subjectAlternativeName);

  private final X509CertificateHolder holder;
  private final TlsPublicKey publicKey;
  private final byte[] der;

  private Certificate(X509CertificateHolder holder, byte[] der) {
    this.holder = holder;
    this.publicKey = TlsPublicKey.of(holder.getSubjectPublicKeyInfo());
    this.der = der;
  }

  static Certificate of(X509CertificateHolder holder) {
    try {
      return new Certificate(holder, holder.toASN1Structure().getEncoded(ASN1Encoding.DER));
    } catch (IOException e) {
      throw new IllegalStateException("a certificate that was just made cannot be written", e);
    }
  }

  /** Throws IllegalArgumentException unless it is one certificate in DER, to the byte. */
  static Certificate parse(byte[] der) {
    try {
      Certificate read = of(new X509CertificateHolder(der));
      if (!Arrays.equals(read.der, der)) {
        throw new IllegalArgumentException("the certificate is not in DER");
      }
      return read;
    } catch (IOException e) {
      throw new IllegalArgumentException("not a certificate");
    }
  }

  /** Itself, when it is a self-signed CA's; IllegalArgumentException otherwise. */
  Certificate requireRoot() {
    if (!isAuthority()) {
      throw new IllegalArgumentException("it is no CA's certificate");
    }
    if (!holder.getSubject().equals(holder.getIssuer())
        || holder.getSubject().getRDNs().length == 0
        || !signatureHoldsBy(this)) {
      throw new IllegalArgumentException("the CA's certificate is not its own issuer");
    }
    return this;
  }

  /** Whether it has a critical extension (name constraints, say) that nobody here understands. */
  boolean hasUnknownCritical() {
    return !KNOWN_CRITICAL.containsAll(holder.getCriticalExtensionOIDs());
  }

  private boolean isAuthority() {
    BasicConstraints constraints = BasicConstraints.fromExtensions(holder.getExtensions());
    KeyUsage usage = KeyUsage.fromExtensions(holder.getExtensions());
    return constraints != null
        && constraints.isCA()
        && usage != null
        && usage.hasUsages(KeyUsage.keyCertSign);
  }

  /**
   * Why {@code authority} does not vouch for this leaf; empty when it does. Names, identifiers,
   * signature, and that it is
   * a leaf for TLS without a critical extension that nobody here understands.
   */
  Optional<String> faultUnder(Certificate authority) {
    if (!isIssuedBy(authority)) {
      return Optional.of("it names another issuer");
    }
    if (!signatureHoldsBy(authority)) {
      return Optional.of("the authority's signature does not hold");
    }
    BasicConstraints constraints = BasicConstraints.fromExtensions(holder.getExtensions());
    if (holder.getVersionNumber() != 3 || constraints == null || constraints.isCA()) {
      return Optional.of("it is no leaf");
    }
    KeyUsage usage = KeyUsage.fromExtensions(holder.getExtensions());
    if (usage == null || !usage.equals(new KeyUsage(KeyUsage.digitalSignature))) {
      return Optional.of("its key is for more than TLS");
    }
    if (usages().isEmpty() || !Usage.ALL.containsAll(usages())) {
      return Optional.of("it is for other things than TLS");
    }
    if (hasUnknownCritical()) {
      return Optional.of("it has a critical extension that is not known here");
    }
    if (validity().notAfter().isAfter(authority.validity().notAfter())) {
      return Optional.of("it outlives its authority");
    }
    return Optional.empty();
  }

  /** By the issuer's name, and by the key's identifier, for generations of one authority may share a name. */
  boolean isIssuedBy(Certificate authority) {
    AuthorityKeyIdentifier by = AuthorityKeyIdentifier.fromExtensions(holder.getExtensions());
    return holder.getIssuer().equals(authority.holder.getSubject())
        && by != null
        && Arrays.equals(by.getKeyIdentifierOctets(), authority.keyIdentifier());
  }

  private boolean signatureHoldsBy(Certificate authority) {
    var structure = holder.toASN1Structure();
    var named = authority.publicKey.type().signature();
    try {
      return structure.getSignatureAlgorithm().equals(named)
          && structure.getTBSCertificate().getSignature().equals(named)
          && authority.publicKey.verifies(
              structure.getTBSCertificate().getEncoded(ASN1Encoding.DER), holder.getSignature());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** RFC 5280 4.2.1.2; empty when it has none. */
  byte[] keyIdentifier() {
    SubjectKeyIdentifier identifier = SubjectKeyIdentifier.fromExtensions(holder.getExtensions());
    return identifier == null ? new byte[0] : identifier.getKeyIdentifier();
  }

  TlsPublicKey publicKey() {
    return publicKey;
  }

  X500Name subject() {
    return holder.getSubject();
  }

  X500Name issuer() {
    return holder.getIssuer();
  }

  Validity validity() {
    return new Validity(holder.getNotBefore().toInstant(), holder.getNotAfter().toInstant());
  }

  /** Hexadecimal, as openssl prints it. */
  String serial() {
    String digits = holder.getSerialNumber().toString(16).toUpperCase(java.util.Locale.ROOT);
    return digits.length() % 2 == 0 ? digits : "0" + digits;
  }

  TlsNames names() {
    return TlsNames.of(holder);
  }

  /** Words of the YAML for what it knows; object identifiers for the rest. */
  List<String> usages() {
    ExtendedKeyUsage usage = ExtendedKeyUsage.fromExtensions(holder.getExtensions());
    Stream<KeyPurposeId> purposes = usage == null ? Stream.of() : Arrays.stream(usage.getUsages());
    return purposes.map(Usage::word).collect(Collectors.toList());
  }

  byte[] der() {
    return der.clone();
  }

  byte[] pem() {
    return Pem.of(Pem.CERTIFICATE, der);
  }
}
