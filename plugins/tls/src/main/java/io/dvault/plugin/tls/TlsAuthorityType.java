package io.dvault.plugin.tls;

import io.dvault.model.SecretBytes;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.AuthorityType;
import io.dvault.spi.AuthorityView;
import io.dvault.spi.SecretKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * X.509 root authorities, which sign leafs and no other CA. In the open: the self-signed
 * certificate in PEM. Sealed: the
 * private key (PKCS #8) and the certificate again, in one PEM file as many programs have it.
 */
public final class TlsAuthorityType implements AuthorityType {
  static final String TYPE = "tls";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public List<String> algorithms() {
    return KeyType.words();
  }

  @Override
  public NewKey generate(String algorithm, String comment, Instant now, SecureRandom random) {
    TlsKeyPair pair = TlsKeyPair.generate(KeyType.of(algorithm), random);
    return written(pair, Signing.root(pair, comment, now, random));
  }

  @Override
  public NewKey adopt(SecretBytes files, String comment, Instant now) {
    Pem.Pair parts = Pem.readPair(files.borrow());
    TlsKeyPair pair = TlsKeyPair.ofPkcs8(parts.key());
    Certificate root = rootOver(pair, parts.certificate());
    if (root.keyIdentifier().length == 0) {
      throw new IllegalArgumentException(
          "the CA's certificate has no subject key identifier, by which leafs would name it");
    }
    if (root.hasUnknownCritical()) {
      throw new IllegalArgumentException(
          "the CA's certificate has a critical extension that is not known here");
    }
    if (!root.validity().contains(now)) {
      throw new IllegalArgumentException("the CA's certificate is valid from "
          + root.validity().notBefore() + " to " + root.validity().notAfter() + " only");
    }
    return written(pair, root);
  }

  private static NewKey written(TlsKeyPair pair, Certificate root) {
    byte[] pem = root.pem();
    try (SecretBytes key = pair.toPem()) {
      byte[] both = ByteBuffer.allocate(key.length() + pem.length)
          .put(key.borrow())
          .put(pem)
          .array();
      return new NewKey(
          pair.publicKey().type().word,
          SecretBytes.owning(both),
          new String(pem, StandardCharsets.US_ASCII));
    }
  }

  private static Certificate rootOver(TlsKeyPair pair, byte[] der) {
    Certificate root = Certificate.parse(der).requireRoot();
    if (!root.publicKey().equals(pair.publicKey())) {
      throw new IllegalArgumentException("the certificate is over another key");
    }
    return root;
  }

  @Override
  public AuthorityKey open(String name, long generation, SecretBytes privatePart) {
    List<byte[]> parts = Pem.read(privatePart.borrow(), Pem.PRIVATE_KEY, Pem.CERTIFICATE);
    TlsKeyPair pair = TlsKeyPair.ofPkcs8(parts.getFirst());
    Certificate root = rootOver(pair, parts.getLast());
    return new Opened(new AuthorityView(name, TYPE, generation, root.der()), pair);
  }

  private record Opened(AuthorityView authority, TlsKeyPair pair) implements AuthorityKey {
    @Override
    public byte[] sign(byte[] message) {
      return pair.sign(message);
    }

    @Override
    public void close() {
      // BouncyCastle's numbers cannot be wiped; see TlsKeyPair.
    }

    @Override
    public String toString() {
      return "authority " + authority.name() + " (private part sensitive)";
    }
  }

  @Override
  public byte[] parsePublic(String publicText) {
    byte[] file = publicText.getBytes(StandardCharsets.US_ASCII);
    return Certificate.parse(Pem.read(file, Pem.CERTIFICATE).getFirst())
        .requireRoot()
        .der();
  }

  @Override
  public Optional<SecretKind> trust() {
    return Optional.of(new TlsTrustKind());
  }
}
