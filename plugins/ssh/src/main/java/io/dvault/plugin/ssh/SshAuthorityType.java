package io.dvault.plugin.ssh;

import io.dvault.model.SecretBytes;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.AuthorityType;
import io.dvault.spi.AuthorityView;
import io.dvault.spi.SecretKind;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** SSH certificate authorities with Ed25519 keys, kept as OpenSSH private key files. */
public final class SshAuthorityType implements AuthorityType {
  @Override
  public String type() {
    return "ssh";
  }

  @Override
  public List<String> algorithms() {
    return List.of("ed25519");
  }

  @Override
  public NewKey generate(String algorithm, String comment, Instant now, SecureRandom random) {
    if (!algorithms().contains(algorithm)) {
      throw new IllegalArgumentException("an ssh authority's key is ed25519, not " + algorithm);
    }
    try (SshKeyPair pair = SshKeyPair.generate(random)) {
      return new NewKey(pair.toPem(), pair.publicKey().line() + " " + comment + "\n");
    }
  }

  @Override
  public AuthorityKey open(String name, long generation, SecretBytes privatePart) {
    SshKeyPair pair = SshKeyPair.parse(privatePart.borrow());
    AuthorityView view = new AuthorityView(name, type(), generation, pair.publicKey().blob());
    return new AuthorityKey() {
      @Override
      public AuthorityView authority() {
        return view;
      }

      @Override
      public byte[] sign(byte[] message) {
        return pair.sign(message);
      }

      @Override
      public void close() {
        pair.close();
      }

      @Override
      public String toString() {
        return "authority " + view.name() + " (private part sensitive)";
      }
    };
  }

  @Override
  public byte[] parsePublic(String publicText) {
    SshPublicKey key = SshPublicKey.parse(publicText);
    if (key.ed25519().isEmpty()) {
      throw new IllegalArgumentException("an ssh authority's key is ed25519, not " + key.type());
    }
    return key.blob();
  }

  @Override
  public Optional<SecretKind> trust() {
    return Optional.of(new SshTrustKind());
  }
}
