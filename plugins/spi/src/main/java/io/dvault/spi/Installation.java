package io.dvault.spi;

import io.dvault.model.SecretBytes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one entry puts on the device.
 *
 * @param files absolute paths; folders and owners are checked by the agent against its own list
 * @param authorizedKeys lines for the marked block of an account's authorized_keys
 * @param action name of the action to run after the files changed, out of {@code agent.yaml}
 * @param atEnd what happens when the validity ends and nothing newer came
 * @param keyTypes types of the keys in {@code files}, as OpenSSH names them; the agent holds them against the rules of
 *     the vault
 * @param overlap how long the generation before, while it is valid, stays in use after this one came: until others have
 *     the public part of this one
 */
public record Installation(
    List<PlacedFile> files,
    List<AuthorizedKey> authorizedKeys,
    Optional<String> action,
    AtEnd atEnd,
    Set<String> keyTypes,
    Duration overlap) {
  public Installation {
    files = List.copyOf(files);
    authorizedKeys = List.copyOf(authorizedKeys);
    keyTypes = Set.copyOf(keyTypes);
  }

  /** In use at once. */
  public Installation(
      List<PlacedFile> files,
      List<AuthorizedKey> authorizedKeys,
      Optional<String> action,
      AtEnd atEnd,
      Set<String> keyTypes) {
    this(files, authorizedKeys, action, atEnd, keyTypes, Duration.ZERO);
  }

  /** Without keys in its files. */
  public Installation(
      List<PlacedFile> files,
      List<AuthorizedKey> authorizedKeys,
      Optional<String> action,
      AtEnd atEnd) {
    this(files, authorizedKeys, action, atEnd, Set.of());
  }

  /**
   * REMOVE: access and tokens, fail closed. KEEP: host keys and trust anchors, fail open with an
   * alarm. docs/architecture.md, "The agent".
   */
  public enum AtEnd {
    REMOVE,
    KEEP
  }

  /**
   * @param mode permission bits, at most 0777, for example 0600
   * @param owner {@code user} or {@code user:group}, or empty for the agent's own
   */
  public record PlacedFile(String path, SecretBytes content, int mode, Optional<String> owner) {}

  /**
   * One line of authorized_keys without its expiry-time, which the agent adds.
   *
   * @param account local account name
   * @param options comma-separated options out of the whitelist, or empty
   * @param key type and base64, as in a .pub file, without a comment
   * @param comment printable ASCII
   * @param notAfter when this key ends before its entry does: the generation before, kept for the overlap
   */
  public record AuthorizedKey(
      String account, String options, String key, String comment, Optional<Instant> notAfter) {
    /** A key that ends with its entry. */
    public AuthorizedKey(String account, String options, String key, String comment) {
      this(account, options, key, comment, Optional.empty());
    }
  }
}
