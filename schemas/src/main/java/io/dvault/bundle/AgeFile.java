package io.dvault.bundle;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Whole age v1 files in memory, such as an authority's key sealed to every admin. Reads binary and armored files,
 * writes binary ones. Source: C2SP age.
 */
public final class AgeFile {
  /** 1 MiB, the longest file that is read or written. schemas/spec/sealed-bundle.md. */
  public static final int MAX_LENGTH = 1 << 20;

  private AgeFile() {}

  /** The parts of a file that can be wrong. */
  public enum Part {
    ARMOR,
    HEADER,
    MAC,
    PAYLOAD
  }

  /** What opening a file came to. */
  public sealed interface Result {
    /** @param plaintext all of it, authenticated to its end; closed by the receiver */
    record Opened(SecretBytes plaintext) implements Result {}

    /** @param stanzas the types of recipient it is for, among them perhaps unsupported ones ({@code scrypt}) */
    record NotForUs(List<String> stanzas) implements Result {
      public NotForUs {
        stanzas = List.copyOf(stanzas);
      }
    }

    /** @param reason one line, nothing secret in it */
    record Malformed(Part part, String reason) implements Result {}
  }

  /** Seals to hybrid recipients; throws {@code DiagnosticException} DV650 when one is not post-quantum. */
  public static byte[] seal(List<Recipient> recipients, byte[] plaintext, SecureRandom random) {
    return seal(recipients, plaintext, PostQuantum.REQUIRED, random);
  }

  /**
   * Seals {@code plaintext}, which stays the caller's. Draws, in this order: the file key (16 bytes), each recipient's
   * randomness (hybrid 64, X25519 32), the payload's nonce (16).
   */
  public static byte[] seal(
      List<? extends Recipient> recipients,
      byte[] plaintext,
      PostQuantum postQuantum,
      SecureRandom random) {
    requireAllowed(recipients, postQuantum);
    byte[] fileKey = new byte[Stanza.FILE_KEY_LENGTH];
    random.nextBytes(fileKey);
    try {
      List<Stanza> stanzas =
          recipients.stream().map(recipient -> recipient.wrap(fileKey, random)).toList();
      int sealed = PayloadStream.sealedLength(plaintext.length);
      byte[] file = AgeHeader.write(stanzas, fileKey, sealed);
      if (file.length > MAX_LENGTH) {
        throw new IllegalArgumentException(
            "a sealed file has at most " + MAX_LENGTH + " bytes, not " + file.length);
      }
      byte[] nonce = new byte[PayloadStream.NONCE_LENGTH];
      random.nextBytes(nonce);
      PayloadStream.seal(fileKey, nonce, plaintext, file, file.length - sealed);
      return file;
    } finally {
      Arrays.fill(fileKey, (byte) 0);
    }
  }

  private static void requireAllowed(
      List<? extends Recipient> recipients, PostQuantum postQuantum) {
    if (recipients.isEmpty() || recipients.size() > AgeHeader.MAX_STANZAS) {
      throw new IllegalArgumentException(
          "a file has 1 to " + AgeHeader.MAX_STANZAS + " recipients");
    }
    for (Recipient recipient : recipients) {
      if (postQuantum == PostQuantum.REQUIRED && !recipient.isPostQuantum()) {
        throw new DiagnosticException(
            Diagnostic.error(
                "DV650",
                "recipient is not post-quantum",
                recipient
                    + " is an X25519 key: what is sealed to it today can be read once large quantum computers exist.",
                "Use a hybrid one (age1pq1…, from `age-keygen -pq`), or allow classic recipients by name."));
      }
    }
  }

  /**
   * Opens with whichever identity fits. Returns all of the plaintext or none of it.
   * docs/threat-model.md T20.
   */
  public static Result open(byte[] file, List<? extends Identity> identities) {
    return file.length > MAX_LENGTH
        ? new Result.Malformed(Part.HEADER, "longer than " + MAX_LENGTH + " bytes")
        : openUnlimited(file, identities);
  }

  static Result openUnlimited(byte[] file, List<? extends Identity> identities) {
    try {
      byte[] binary = Armor.isArmored(file) ? Armor.read(file) : file;
      AgeHeader header = AgeHeader.parse(binary);
      Optional<byte[]> fileKey = unwrap(header.stanzas(), identities);
      return fileKey.isPresent()
          ? open(header, fileKey.get(), binary)
          : new Result.NotForUs(header.stanzas().stream().map(Stanza::type).toList());
    } catch (MalformedAgeException e) {
      return new Result.Malformed(e.part(), e.getMessage());
    }
  }

  private static Result open(AgeHeader header, byte[] fileKey, byte[] file)
      throws MalformedAgeException {
    try {
      if (!header.isAuthentic(fileKey)) {
        throw new MalformedAgeException(Part.MAC, "the header is not authentic");
      }
      return new Result.Opened(
          SecretBytes.owning(PayloadStream.open(fileKey, file, header.length())));
    } finally {
      Arrays.fill(fileKey, (byte) 0);
    }
  }

  private static Optional<byte[]> unwrap(List<Stanza> stanzas, List<? extends Identity> identities)
      throws MalformedAgeException {
    if (stanzas.size() > 1 && stanzas.stream().anyMatch(stanza -> stanza.type().equals("scrypt"))) {
      throw new MalformedAgeException(Part.HEADER, "a scrypt stanza must be alone");
    }
    for (Identity identity : identities) {
      for (Stanza stanza : stanzas) {
        Optional<byte[]> fileKey = identity.unwrap(stanza);
        if (fileKey.isPresent()) {
          return fileKey;
        }
      }
    }
    return Optional.empty();
  }
}
