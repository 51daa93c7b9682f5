package io.dvault.bundle;

import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.model.SecretBytes;
import io.dvault.model.Validity;
import io.dvault.model.VaultId;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The age file that carries one entry's material to one device. Format: {@code schemas/spec/sealed-bundle.md}. */
public final class SealedBundle {
  private SealedBundle() {}

  /**
   * Where a sealed bundle was found: what its header must say. docs/threat-model.md T18.
   *
   * @param maximumEpoch epoch of the root that it was reached from: it cannot have been issued later
   */
  public record Expected(
      VaultId vault,
      DeviceId device,
      EntryId entry,
      long generation,
      Validity validity,
      String kind,
      long maximumEpoch) {}

  /** What opening came to. */
  public sealed interface Result {
    record Opened(Payload payload) implements Result {}

    /** Sealed to another device: this identity opens none of its stanzas. */
    record NotForUs() implements Result {}

    /** @param reason one line, nothing secret in it */
    record Malformed(String reason) implements Result {}

    /** Sealed to us and authentic, but made for another place. */
    record Misplaced(String field, String expected, String actual) implements Result {}
  }

  /**
   * Seals to a hybrid recipient; throws {@code DiagnosticException} DV650 when it is a classic one.
   * docs/threat-model.md T19.
   */
  public static byte[] seal(Payload payload, Recipient recipient, SecureRandom random) {
    return seal(payload, recipient, PostQuantum.REQUIRED, random);
  }

  /**
   * Seals; throws IllegalArgumentException when the payload names another device than the recipient's, or is longer
   * than the largest size class. The same randomness gives the same bytes.
   */
  public static byte[] seal(
      Payload payload, Recipient recipient, PostQuantum postQuantum, SecureRandom random) {
    if (!payload.device().equals(recipient.deviceId())) {
      throw new IllegalArgumentException(
          "payload for device " + payload.device() + " sealed to " + recipient.deviceId());
    }
    byte[] plaintext = PayloadCodec.encode(payload);
    try {
      return AgeFile.seal(List.of(recipient), plaintext, postQuantum, random);
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  /**
   * How many bytes {@link #seal} gives, without sealing.
   *
   * @param postQuantum REQUIRED for a hybrid recipient, WAIVED for a classic one
   */
  public static int sealedLength(Payload payload, PostQuantum postQuantum) {
    byte[] plaintext = PayloadCodec.encode(payload);
    Stanza stanza = switch (postQuantum) {
      case REQUIRED -> HybridRecipient.sample();
      case WAIVED -> X25519Recipient.sample();
    };
    Arrays.fill(plaintext, (byte) 0);
    return AgeHeader.length(List.of(stanza)) + PayloadStream.sealedLength(plaintext.length);
  }

  /** Opens and holds every header field against the place it was found at; never throws for what is in the file. */
  public static Result open(byte[] file, Identity identity, Expected expected) {
    return switch (AgeFile.open(file, List.of(identity))) {
      case AgeFile.Result.NotForUs n -> new Result.NotForUs();
      case AgeFile.Result.Malformed m -> new Result.Malformed(m.reason());
      case AgeFile.Result.Opened opened -> check(opened.plaintext(), expected);
    };
  }

  private static Result check(SecretBytes plaintext, Expected expected) {
    try (plaintext) {
      return check(PayloadCodec.decode(plaintext.borrow()), expected);
    } catch (MalformedPayloadException e) {
      return new Result.Malformed(e.getMessage());
    }
  }

  /** What is not where it belongs is wiped: nobody else gets to see it. */
  static Result check(Payload payload, Expected expected) {
    Optional<Result> misplaced = findMisplaced(payload, expected);
    misplaced.ifPresent(any -> payload.wipe());
    return misplaced.orElseGet(() -> new Result.Opened(payload));
  }

  private static Optional<Result> findMisplaced(Payload payload, Expected expected) {
    Object[][] fields = {
      {"vault", expected.vault, payload.vault()},
      {"device", expected.device, payload.device()},
      {"entry", expected.entry, payload.entry()},
      {"generation", expected.generation, payload.generation()},
      {"kind", expected.kind, payload.kind()},
      {"notBefore", expected.validity.notBefore(), payload.validity().notBefore()},
      {"notAfter", expected.validity.notAfter(), payload.validity().notAfter()},
    };
    for (Object[] field : fields) {
      if (!field[1].equals(field[2])) {
        return Optional.of(
            new Result.Misplaced((String) field[0], field[1].toString(), field[2].toString()));
      }
    }
    if (payload.epoch() > expected.maximumEpoch) {
      String actual = Long.toString(payload.epoch());
      return Optional.of(new Result.Misplaced("epoch", "at most " + expected.maximumEpoch, actual));
    }
    return Optional.empty();
  }
}
