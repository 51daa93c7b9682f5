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
  private static final String ED25519 = "ed25519";

  @Override
  public String type() {
    return "ssh";
  }

  @Override
  public List<String> algorithms() {
    return List.of(ED25519);
  }

  @Override
  public NewKey generate(String algorithm, String comment, Instant now, SecureRandom random) {
    if (!algorithms().contains(algorithm)) {
      throw new IllegalArgumentException("an ssh authority's key is ed25519, not " + algorithm);
    }
    return written(SshKeyPair.generate(random), comment);
  }

  @Override
  public NewKey adopt(SecretBytes files, String comment, Instant now) {
    try {
      return written(SshKeyPair.parse(files.borrow()), comment);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          e.getMessage() + "; a passphrase comes off a copy by `ssh-keygen -p -N '' -f COPY`", e);
    }
  }

  private static NewKey written(SshKeyPair pair, String comment) {
    try (pair) {
      return new NewKey(ED25519, pair.toPem(), pair.publicKey().line() + " " + comment + "\n");
    }
  }

  @Override
  public AuthorityKey open(String name, long generation, SecretBytes privatePart) {
    SshKeyPair pair = SshKeyPair.parse(privatePart.borrow());
    AuthorityView view =
        new AuthorityView(name, type(), generation, pair.publicKey().blob());
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
