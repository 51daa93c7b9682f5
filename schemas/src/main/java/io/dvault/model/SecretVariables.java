package io.dvault.model;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Environment variables as bytes: a secret need not be text, and decoding it could change it. */
@FunctionalInterface
public interface SecretVariables {
  /** The value, closed by the caller, if the variable is set. DV627 if its bytes cannot be read. */
  Optional<SecretBytes> find(String name);

  /** Values that are text, in UTF-8. */
  static SecretVariables of(Map<String, String> variables) {
    return name -> Optional.ofNullable(variables.get(name))
        .map(value -> SecretBytes.owning(value.getBytes(StandardCharsets.UTF_8)));
  }
}
