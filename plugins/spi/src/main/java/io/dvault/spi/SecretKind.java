package io.dvault.spi;

import io.dvault.model.Bytes32;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One kind of secret, whole: how its YAML reads, which entries it makes, and how their material is
 * issued. A new kind is
 * one implementation on the class path and no change anywhere else (docs/requirements.md O8).
 * Thread-safe and without state.
 */
public interface SecretKind {
  /** The {@code kind:} of the YAML, {@code SshCertificate}. */
  String kind();

  /** The entry kinds that {@link #issue} makes; usually just {@link #kind}. */
  default Set<String> entryKinds() {
    return Set.of(kind());
  }

  /**
   * Those of {@link #entryKinds} that end for good ({@code Renewal.ONCE}): when one has ended,
   * nothing is left to take away.
   */
  default Set<String> onceKinds() {
    return Set.of();
  }

  /**
   * Those of {@link #entryKinds} by which people and services get into a device again and again:
   * the last one is guarded.
   */
  default Set<String> wayInKinds() {
    return Set.of();
  }

  /**
   * The type of the key that an entry will have, as it stands in a {@code .pub} file ({@code
   * ssh-ed25519}); empty when it
   * has none, or several. Trust policies ask for it.
   */
  default Optional<String> keyType(EntryTemplate template) {
    return Optional.empty();
  }

  /**
   * Reads {@code declaration.spec()}, reports what is wrong through its Fields, and returns one template per entry.
   * Pure: no clock, no randomness, no I/O.
   */
  List<EntryTemplate> expand(Declaration declaration, Fleet fleet);

  /** Makes key, certificate or token of one entry; the randomness is the request's. */
  Issued issue(IssueRequest request);

  /** What a person may know of an issued entry, from its public part: {@code key → SHA256:…}. Nothing secret. */
  List<Fact> describe(String entryKind, byte[] publicPart);

  /** About how large {@link #issue} makes it, out of the template alone: for the cost that a plan tells. */
  default TypicalSize typicalSize(EntryTemplate template) {
    return TypicalSize.KEY_PAIR;
  }

  /**
   * The public keys that an issued entry stands for, from its public part, each by the SHA-256 of its wire form (what
   * {@code ssh-keygen -l} prints): so that one that was compromised is known again wherever it turns up.
   */
  default Set<Bytes32> keys(String entryKind, byte[] publicPart) {
    return Set.of();
  }

  /** Those that the YAML itself names: with it, and not with {@link #issue}, they would come back. */
  default Set<Bytes32> declaredKeys(EntryTemplate template) {
    return Set.of();
  }

  /** A named fact for a screen. */
  record Fact(String name, String value) {}
}
