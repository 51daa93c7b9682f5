package io.dvault.plugin.tls;

import io.dvault.model.Validity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.bc.BcX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;

/** Writes and signs certificates. RFC 5280. */
final class Signing {
  /** A root's life. What it signs must end before; its generations are replaced long before. */
  static final Duration ROOT_LIFE = Duration.ofDays(3650);

  /** Clocks of devices and browsers may be late by so much when they first see a root. */
  private static final Duration ROOT_BACKDATED = Duration.ofDays(1);

  /** RFC 5280 4.1.2.2: at most 20 bytes, the uppermost bit clear. */
  private static final int SERIAL_LENGTH = 20;

  private Signing() {}

  /**
   * All that a leaf says but its issuer.
   *
   * @param serial unique within the authority for what was committed; random bytes follow it in
   *     the certificate, since an
   *     apply that was killed may have signed under the same number before
   */
  record Terms(TlsNames names, List<Usage> usages, Validity validity, long serial) {}

  /** A self-signed certificate for {@code pair}, from a day before {@code now}. */
  static Certificate root(TlsKeyPair pair, String commonName, Instant now, SecureRandom random) {
    X500Name name = TlsNames.subject(commonName);
    Instant start = now.truncatedTo(ChronoUnit.SECONDS);
    X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
        name,
        serial(0, random),
        Date.from(start.minus(ROOT_BACKDATED)),
        Date.from(start.plus(ROOT_LIFE)),
        name,
        pair.publicKey().info());
    return signed(
        builder,
        List.of(
            // RFC 5280 4.2.1.9: 0 means that no other CA stands between it and a leaf.
            extension(Extension.basicConstraints, true, new BasicConstraints(0)),
            extension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)),
            subjectKey(pair.publicKey())),
        pair.publicKey().type(),
        pair::sign);
  }

  /** A certificate for a key that is not an authority's; {@code sign} is the authority's key at work. */
  static Certificate leaf(
      TlsPublicKey key,
      Terms terms,
      Certificate authority,
      UnaryOperator<byte[]> sign,
      SecureRandom random) {
    X500Name subject = terms.names().subject();
    X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
        authority.subject(),
        serial(terms.serial(), random),
        Date.from(terms.validity().notBefore()),
        Date.from(terms.validity().notAfter()),
        subject,
        key.info());
    return signed(
        builder,
        List.of(
            extension(Extension.basicConstraints, true, new BasicConstraints(false)),
            extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)),
            extension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(terms.usages().stream()
                    .map(usage -> usage.purpose)
                    .toArray(KeyPurposeId[]::new))),
            // RFC 5280 4.2.1.6: critical when there is no subject.
            extension(
                Extension.subjectAlternativeName,
                subject.getRDNs().length == 0,
                terms.names().alternatives()),
            subjectKey(key),
            extension(
                Extension.authorityKeyIdentifier,
                false,
                new AuthorityKeyIdentifier(authority.keyIdentifier()))),
        authority.publicKey().type(),
        sign);
  }

  /**
   * {@code number} and random bytes after it: positive, and no longer than allowed, since {@code
   * number} is not negative.
   */
  private static BigInteger serial(long number, SecureRandom random) {
    byte[] tail = new byte[SERIAL_LENGTH - Long.BYTES];
    random.nextBytes(tail);
    tail[0] |= 1; // never zero, whatever the rest
    return new BigInteger(
        1, ByteBuffer.allocate(SERIAL_LENGTH).putLong(number).put(tail).array());
  }

  private static Extension subjectKey(TlsPublicKey key) {
    return extension(
        Extension.subjectKeyIdentifier,
        false,
        new BcX509ExtensionUtils().createSubjectKeyIdentifier(key.info()));
  }

  private static Extension extension(
      org.bouncycastle.asn1.ASN1ObjectIdentifier name,
      boolean critical,
      org.bouncycastle.asn1.ASN1Encodable value) {
    try {
      return Extension.create(name, critical, value);
    } catch (IOException e) {
      throw new IllegalStateException("an extension cannot be written", e);
    }
  }

  private static Certificate signed(
      X509v3CertificateBuilder builder,
      List<Extension> extensions,
      KeyType signer,
      UnaryOperator<byte[]> sign) {
    try {
      for (Extension each : extensions) {
        builder.addExtension(each);
      }
    } catch (IOException e) {
      throw new IllegalStateException("an extension cannot be written", e);
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    return Certificate.of(builder.build(new ContentSigner() {
      @Override
      public AlgorithmIdentifier getAlgorithmIdentifier() {
        return signer.signature();
      }

      @Override
      public OutputStream getOutputStream() {
        return content;
      }

      @Override
      public byte[] getSignature() {
        return sign.apply(content.toByteArray());
      }
    }));
  }
}
