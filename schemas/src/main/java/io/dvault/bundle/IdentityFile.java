package io.dvault.bundle;

import io.dvault.model.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The text of an age identity file as {@code age-keygen} writes it: comments, and one identity a line. Only text:
 * reading and writing the file, its mode and owner, is the caller's.
 */
public final class IdentityFile {
  /** Longest file that is read, in bytes. */
  public static final int MAX_LENGTH = 1 << 16;

  private static final int MAX_IDENTITIES = 64;

  private IdentityFile() {}

  /** The file (ASCII), with {@code # created} and {@code # public key} comments as age's own; closed by the caller. */
  public static SecretBytes write(Identity identity, Instant created) {
    String comments = "# created: " + created.truncatedTo(ChronoUnit.SECONDS) + "\n# public key: "
        + identity.recipient() + "\n";
    byte[] head = comments.getBytes(StandardCharsets.US_ASCII);
    try (SecretBytes secret = identity.encode()) {
      byte[] file = Arrays.copyOf(head, head.length + secret.length() + 1);
      System.arraycopy(secret.borrow(), 0, file, head.length, secret.length());
      file[file.length - 1] = '\n';
      return SecretBytes.owning(file);
    }
  }

  /**
   * The identities in {@code file}, in order, closed by the caller. Empty lines and lines that start with {@code #} are
   * passed over. Throws IllegalArgumentException with the number of the line at fault, never its text.
   */
  public static List<Identity> parse(byte[] file) {
    if (file.length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "an identity file has at most " + MAX_LENGTH + " bytes, not " + file.length);
    }
    List<Identity> identities = new ArrayList<>();
    try {
      int number = 1;
      for (int at = 0; at < file.length; number++) {
        int end = at;
        while (end < file.length && file[end] != '\n') {
          end++;
        }
        int length = end > at && file[end - 1] == '\r' ? end - 1 - at : end - at;
        if (length > 0 && file[at] != '#') {
          identities.add(parseLine(file, at, length, number));
        }
        at = end + 1;
      }
      if (identities.isEmpty() || identities.size() > MAX_IDENTITIES) {
        throw new IllegalArgumentException(
            identities.isEmpty()
                ? "no identity in it"
                : "more than " + MAX_IDENTITIES + " identities");
      }
      return List.copyOf(identities);
    } catch (IllegalArgumentException e) {
      identities.forEach(Identity::close);
      throw e;
    }
  }

  private static Identity parseLine(byte[] file, int at, int length, int number) {
    byte[] line = Arrays.copyOfRange(file, at, at + length);
    try {
      return Identity.parse(line);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }
}
