package io.dvault.install;

import io.dvault.disk.RefusedException;
import io.dvault.model.VaultId;
import io.dvault.spi.Installation.AuthorizedKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The marked block of one vault in a file of authorized_keys; pure. It stands at the top, so that
 * what follows stays as it
 * is to the last byte, a missing final line feed included. docs/threat-model.md T25.
 */
final class AuthorizedKeysText {
  // sshd(8), AUTHORIZED_KEYS FILE FORMAT: with Z the time is UTC, since OpenSSH 9.1; older ones
  // refuse the line.
  private static final DateTimeFormatter EXPIRY =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String CREATED = " (dvault made this file)";
  private final String begin;
  private final String end;

  AuthorizedKeysText(VaultId vault) {
    String id = vault.toString().substring(0, 16);
    this.begin = "# BEGIN dvault " + id + ": changes in this block are lost";
    this.end = "# END dvault " + id;
  }

  /** One line and until when sshd takes it. */
  record Line(AuthorizedKey key, Instant expiry) {}

  /** The file split around the block. */
  private record Parts(byte[] before, byte[] after, boolean found, boolean created) {}

  /**
   * The file with exactly {@code lines} in the block, and no block when there are none; empty when
   * the file is to be gone
   * (only we were in it, and we made it).
   *
   * @param file its bytes, or empty when there is no file
   */
  Optional<byte[]> with(Optional<byte[]> file, List<Line> lines) throws RefusedException {
    Parts parts = split(file.orElse(new byte[0]));
    boolean created = parts.created() || file.isEmpty();
    if (lines.isEmpty() && !parts.found()) {
      return file;
    }
    if (lines.isEmpty() && created && parts.before().length + parts.after().length == 0) {
      return Optional.empty();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(parts.before());
    if (!lines.isEmpty()) {
      StringBuilder block =
          new StringBuilder(begin).append(created ? CREATED : "").append('\n');
      lines.forEach(line -> block.append(text(line)).append('\n'));
      out.writeBytes(block.append(end).append('\n').toString().getBytes(StandardCharsets.US_ASCII));
    }
    out.writeBytes(parts.after());
    return Optional.of(out.toByteArray());
  }

  static String text(Line line) {
    String options = line.key().options().isEmpty() ? "" : "," + line.key().options();
    // sshd refuses the key once the time has passed; the second named is the last one that works.
    String expiry = "expiry-time=\"" + EXPIRY.format(line.expiry()) + "\"";
    String comment = line.key().comment().isEmpty() ? "" : " " + line.key().comment();
    return expiry + options + " " + line.key().key() + comment;
  }

  private Parts split(byte[] file) throws RefusedException {
    int from = -1;
    int to = -1;
    boolean created = false;
    for (int at = 0; at < file.length; ) {
      int feed = at;
      while (feed < file.length && file[feed] != '\n') {
        feed++;
      }
      String line = new String(file, at, feed - at, StandardCharsets.ISO_8859_1);
      int next = Math.min(feed + 1, file.length);
      if (line.equals(begin) || line.equals(begin + CREATED)) {
        requireMarker(from < 0, "a second");
        from = at;
        created = line.endsWith(CREATED);
      } else if (line.equals(end)) {
        requireMarker(from >= 0 && to < 0, "a stray");
        to = next;
      }
      at = next;
    }
    requireMarker((from < 0) == (to < 0), "an unfinished");
    return from < 0
        ? new Parts(new byte[0], file, false, false)
        : new Parts(
            Arrays.copyOf(file, from), Arrays.copyOfRange(file, to, file.length), true, created);
  }

  private static void requireMarker(boolean good, String what) throws RefusedException {
    if (!good) {
      throw new RefusedException(
          "DV551", "there is " + what + " dvault marker in it: correct or remove the marked block");
    }
  }
}
