package io.dvault.workflow;

import io.dvault.bundle.Identity;
import io.dvault.bundle.IdentityFile;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The age identity of the admin, which opens authority keys: {@code --identity}, else
 * DVAULT_IDENTITY, else the one that
 * {@code init} made for a devnet, else {@code ~/.config/dvault/identity.txt}.
 */
public final class AdminIdentity {
  private static final String DEVNET = ".dvault/identity.txt";

  private AdminIdentity() {}

  static Path path(RunEnvironment environment, String option) {
    if (!option.isEmpty()) {
      return environment.resolve(option);
    }
    Path devnet = environment.resolve(DEVNET);
    return environment
        .variable("DVAULT_IDENTITY")
        .map(environment::resolve)
        .orElseGet(() -> Files.exists(devnet) ? devnet : userFile(environment));
  }

  /** Where a new one goes: the path that was named, else beside the devnet, else the user's own. */
  public static Path pathForNew(RunEnvironment environment, String option, boolean devnet) {
    boolean named = !option.isEmpty() || environment.variable("DVAULT_IDENTITY").isPresent();
    return named
        ? path(environment, option)
        : devnet ? environment.resolve(DEVNET) : userFile(environment);
  }

  private static Path userFile(RunEnvironment environment) {
    String home = environment.variable("HOME").orElse(System.getProperty("user.home"));
    return Path.of(home, ".config", "dvault", "identity.txt");
  }

  /** The identities in the file, closed by the caller; DV620 when it is missing, DV621 when it cannot be read. */
  public static List<Identity> open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new DiagnosticException(Diagnostic.error(
          "DV620",
          "no admin identity to decrypt authority keys",
          file + " is not there.",
          "Add --identity FILE, or set DVAULT_IDENTITY. Nothing was changed."));
    }
    byte[] content = new byte[0];
    try {
      content = Files.readAllBytes(file);
      return IdentityFile.parse(content);
    } catch (IllegalArgumentException e) {
      throw unreadable(file, e.getMessage());
    } catch (IOException e) {
      throw unreadable(file, e.getClass().getSimpleName());
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  private static DiagnosticException unreadable(Path file, String why) {
    return new DiagnosticException(Diagnostic.error(
        "DV621",
        "the admin identity cannot be read",
        file + ": " + why + ".",
        "Use an age identity file, as `age-keygen -pq` writes it. Nothing was changed."));
  }

  /** Writes a new identity, readable by its owner alone from the first byte. */
  public static Identity create(Path file, RunEnvironment environment) {
    Identity identity = Identity.generate(environment.random());
    try (SecretBytes text = IdentityFile.write(identity, environment.clock().instant())) {
      NewFiles.writeSecret(file, text.borrow());
    }
    return identity;
  }
}
