package io.dvault.spi;

import io.dvault.model.SecretBytes;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One type of authority ({@code ssh}, {@code tls}): how its keys are made, kept, opened, and believed by devices. */
public interface AuthorityType {
  String type();

  /** The {@code key.type} values that work, the default first. */
  List<String> algorithms();

  /**
   * Makes a key.
   *
   * @param algorithm one of {@link #algorithms}; IllegalArgumentException otherwise
   * @param comment who it is for a person, {@code NAME.GENERATION}
   * @param now when it is made, for types whose public part says from when it counts
   */
  NewKey generate(String algorithm, String comment, Instant now, SecureRandom random);

  /** Opens what {@link #generate} made; throws IllegalArgumentException when it is something else. */
  AuthorityKey open(String name, long generation, SecretBytes privatePart);

  /** Reads the public text file; throws IllegalArgumentException with the reason. */
  byte[] parsePublic(String publicText);

  /**
   * How devices come to believe an authority of this type: it expands declarations of {@code kind: Authority} and reads
   * their {@code spec.trustedBy}; the core reads the rest. Its entry kinds are its own, as any kind's are.
   */
  default Optional<SecretKind> trust() {
    return Optional.empty();
  }

  /**
   * A fresh key of an authority.
   *
   * @param privatePart standard file form (ssh: an unencrypted OpenSSH private key; tls: PKCS #8 in PEM), to be sealed by the caller
   * @param publicText standard text form (ssh: one authorized_keys line; tls: a certificate in PEM), not secret
   */
  record NewKey(SecretBytes privatePart, String publicText) {}
}
