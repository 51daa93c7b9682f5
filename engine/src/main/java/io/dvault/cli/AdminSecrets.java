package io.dvault.cli;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import io.dvault.spi.SecretSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Values that YAML refers to, from the admin's side: {@code env:NAME} and {@code file:PATH}. Never printed. */
final class AdminSecrets implements SecretSource {
  private static final int MAX_LENGTH = 1 << 16;

  private final CommandContext context;
  private final Path repository;

  AdminSecrets(CommandContext context, Path repository) {
    this.context = context;
    this.repository = repository;
  }

  @Override
  public SecretBytes read(String reference) {
    if (reference.startsWith("env:")) {
      String name = reference.substring("env:".length());
      return context.variable(name)
          .map(value -> SecretBytes.owning(value.getBytes(StandardCharsets.UTF_8)))
          .orElseThrow(() -> failed(reference, "The environment variable " + name + " is not set."));
    }
    if (reference.startsWith("file:")) {
      return file(reference);
    }
    throw failed(reference, "References start with env: or file:.");
  }

  private SecretBytes file(String reference) {
    Path file = repository.resolve(reference.substring("file:".length()));
    try {
      if (!Files.isRegularFile(file)) {
        throw failed(reference, "There is no file " + file + ".");
      }
      if (Files.size(file) > MAX_LENGTH) {
        throw failed(reference, file + " is longer than " + MAX_LENGTH + " bytes.");
      }
      return SecretBytes.owning(Files.readAllBytes(file));
    } catch (IOException e) {
      throw failed(reference, file + ": " + e.getClass().getSimpleName() + ".");
    }
  }

  private static DiagnosticException failed(String reference, String why) {
    return new DiagnosticException(
        Diagnostic.error("DV627", "a secret value cannot be read: " + reference, why, "Nothing was changed."));
  }
}
