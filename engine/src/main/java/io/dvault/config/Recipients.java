package io.dvault.config;

import io.dvault.bundle.Recipient;
import io.dvault.yaml.Fields;
import java.util.Optional;

/** Reads age recipients with a finding instead of an exception. */
final class Recipients {
  private Recipients() {}

  /** The recipient, or empty and a finding; an empty text was told already. */
  static Optional<Recipient> check(Fields fields, String key, String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Recipient recipient = Recipient.parse(text);
      if (!recipient.toString().equals(text)) {
        fields.error(key, "DV028", "not a recipient", "Recipients are written in lower case.");
        return Optional.empty();
      }
      return Optional.of(recipient);
    } catch (IllegalArgumentException e) {
      // Someone may have pasted an identity: what stands there is not repeated.
      // docs/threat-model.md T27.
      fields.errorWithoutSource(key, "DV028", "not a recipient", sentence(e.getMessage()));
      return Optional.empty();
    }
  }

  static String sentence(String words) {
    return words == null || words.isEmpty()
        ? "It cannot be read."
        : Character.toUpperCase(words.charAt(0))
            + words.substring(1)
            + (words.endsWith(".") || words.endsWith("?") ? "" : ".");
  }
}
