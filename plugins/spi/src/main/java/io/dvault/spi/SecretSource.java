package io.dvault.spi;

import io.dvault.model.SecretBytes;

/**
 * Reads a value that a spec refers to by {@code env:NAME}, {@code file:PATH}, {@code age:PATH} or
 * {@code exec:COMMAND}; never logged.
 */
public interface SecretSource {
  /** The value, owned by the caller; throws {@code DiagnosticException} when it cannot be read. */
  SecretBytes read(String reference);
}
