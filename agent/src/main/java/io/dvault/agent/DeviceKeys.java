package io.dvault.agent;

import io.dvault.bundle.Identity;
import io.dvault.bundle.IdentityFile;
import io.dvault.crypto.Ed25519Key;
import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/** The device's two keys on disk: the age identity, and the Ed25519 key that signs receipts. Made once, then read. */
final class DeviceKeys {
  private static final int SEED = 32;
  private static final Set<PosixFilePermission> OWNER = DurableFiles.permissions(0700);

  private final Layout layout;
  private final DurableFiles files;
  private final SecureRandom random;

  DeviceKeys(Layout layout, DurableFiles files, SecureRandom random) {
    this.layout = layout;
    this.files = files;
    this.random = random;
  }

  /** The identity, made now when this device is not enrolled yet; the caller closes it. */
  Identity identity(boolean classic, Instant now) throws IOException {
    if (isNew(layout.identity())) {
      try (Identity fresh = classic ? Identity.generateClassic(random) : Identity.generate(random);
          SecretBytes text = IdentityFile.write(fresh, now)) {
        files.replace(layout.identity(), text.borrow(), 0600);
      }
    }
    Identity identity = identity(layout);
    if (classic && identity.recipient().toString().startsWith("age1pq1")) {
      identity.close();
      throw new DiagnosticException(Diagnostic.error(
          "DV502",
          "this device already has a hybrid identity",
          layout.identity() + " is post-quantum; --classic only works on the first run.",
          "Omit --classic; or remove " + layout.state() + " to give up the device's identity."));
    }
    return identity;
  }

  /** The key that signs receipts, made now when this device is not enrolled yet; the caller closes it. */
  Ed25519Key signer() throws IOException {
    if (isNew(layout.signer())) {
      byte[] seed = new byte[SEED];
      random.nextBytes(seed);
      byte[] text = Base64.getEncoder().encode(seed);
      files.replace(layout.signer(), text, 0600);
      Arrays.fill(seed, (byte) 0);
      Arrays.fill(text, (byte) 0);
    }
    return signer(layout);
  }

  /** Once the Device YAML was printed, a key that is missing is lost: another in its place would open nothing. */
  private boolean isNew(Path key) {
    return !Files.exists(key) && !Files.exists(layout.deviceYaml());
  }

  /** The identity on disk; the caller closes it. */
  static Identity identity(Layout layout) throws IOException {
    byte[] file = read(layout.identity());
    try {
      return IdentityFile.parse(file).getFirst();
    } catch (IllegalArgumentException e) {
      throw broken(layout.identity(), e.getMessage());
    } finally {
      Arrays.fill(file, (byte) 0);
    }
  }

  /** The key on disk that signs receipts; the caller closes it. */
  static Ed25519Key signer(Layout layout) throws IOException {
    byte[] file = read(layout.signer());
    try {
      byte[] seed = Base64.getDecoder().decode(file);
      if (seed.length != SEED) {
        throw broken(layout.signer(), "it has " + seed.length + " bytes, expected " + SEED);
      }
      return Ed25519Key.ofSeed(seed);
    } catch (IllegalArgumentException e) {
      throw broken(layout.signer(), "it is not base64");
    } finally {
      Arrays.fill(file, (byte) 0);
    }
  }

  private static byte[] read(Path file) throws IOException {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (!OWNER.containsAll(mode)) { // as ssh does with its keys
        throw new DiagnosticException(Diagnostic.error(
            "DV505",
            "a key of this device is open to others",
            file + " has mode " + PosixFilePermissions.toString(mode) + ", expected rw-------.",
            "Run chmod 600 " + file + ". If somebody may have read it, remove " + file.getParent()
                + " and enroll again."));
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw broken(file, "it is missing");
    }
  }

  private static DiagnosticException broken(Path file, String why) {
    return new DiagnosticException(Diagnostic.error(
        "DV505",
        "a key of this device cannot be used",
        file + ": " + why + ".",
        "Restore it from a backup; or remove " + file.getParent()
            + ", enroll again under the same name, and replace the",
        "device's YAML in the vault's repository. Everything is then sealed again."));
  }
}
