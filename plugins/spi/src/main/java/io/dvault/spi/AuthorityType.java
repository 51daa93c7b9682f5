package io.dvault.spi;

import io.dvault.model.SecretBytes;
import java.security.SecureRandom;
import java.util.List;

/** One type of authority ({@code ssh}): how its keys are made, kept and opened. */
public interface AuthorityType {
  String type();

  /** The {@code key.type} values that work, the default first. */
  List<String> algorithms();

  NewKey generate(String algorithm, String comment, SecureRandom random);

  /** Opens what {@link #generate} made; throws IllegalArgumentException when it is something else. */
  AuthorityKey open(String name, long generation, SecretBytes privatePart);

  /** Reads the public text file; throws IllegalArgumentException with the reason. */
  byte[] parsePublic(String publicText);

  /**
   * A fresh key of an authority.
   *
   * @param privatePart standard file form (ssh: an unencrypted OpenSSH private key), to be sealed by the caller
   * @param publicText standard text form (ssh: one authorized_keys line), not secret
   */
  record NewKey(SecretBytes privatePart, String publicText) {}
}
