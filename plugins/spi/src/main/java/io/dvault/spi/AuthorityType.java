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

  /**
   * Takes over a key that was made elsewhere, so that who trusts it already goes on doing so.
   *
   * @param files one after the other as they were given, in the standard form of {@link
   *     NewKey#privatePart} (tls: key and
   *     self-signed certificate, in any order); the caller's, who wipes it
   * @param comment who it is for a person, {@code NAME.GENERATION}
   * @param now when it must count
   * @throws IllegalArgumentException with the reason, which never quotes the file
   */
  NewKey adopt(SecretBytes files, String comment, Instant now);

  /**
   * Opens what {@link #generate} made or {@link #adopt} took over; throws IllegalArgumentException
   * when it is something else.
   */
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
   * A key for an authority.
   *
   * @param algorithm one of {@link #algorithms}
   * @param privatePart standard file form (ssh: an unencrypted OpenSSH private key; tls: PKCS
   *     #8 in PEM), to be sealed by the caller
   * @param publicText standard text form (ssh: one authorized_keys line; tls: a certificate in PEM), not secret
   */
  record NewKey(String algorithm, SecretBytes privatePart, String publicText) {}
}
