package io.dvault.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dvault.model.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class IdentityFileTest {
  private static final Identity IDENTITY = Identity.generate(new TestRandom());

  @Test
  void parse_written_givesIdentityBack() {
    try (SecretBytes file = IdentityFile.write(IDENTITY, Instant.parse("2026-11-22T10:00:00.5Z"))) {
      String text = new String(file.borrow(), StandardCharsets.US_ASCII);
      List<String> lines = text.lines().toList();
      assertEquals("# created: 2026-11-22T10:00:00Z", lines.get(0));
      assertEquals("# public key: " + IDENTITY.recipient(), lines.get(1));
      assertEquals(3, lines.size());
      assertEquals(
          IDENTITY.recipient(), IdentityFile.parse(file.borrow()).getFirst().recipient());
    }
  }

  @Test
  void parse_severalWithEmptyLinesAndCrLf_givesAllInOrder() {
    Identity classic = Identity.generateClassic(new TestRandom());
    try (SecretBytes one = IDENTITY.encode();
        SecretBytes two = classic.encode()) {
      String text =
          "\r\n# mine\r\n" + ascii(one) + "\r\n\n" + ascii(two); // no line break at the end
      List<Identity> identities = IdentityFile.parse(text.getBytes(StandardCharsets.US_ASCII));
      assertEquals(
          List.of(IDENTITY.recipient(), classic.recipient()),
          identities.stream().map(Identity::recipient).toList());
    }
  }

  @Test
  void parse_emptyOrTooLong_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> IdentityFile.parse(new byte[0]));
    byte[] comment = "# nothing\n".getBytes(StandardCharsets.US_ASCII);
    assertThrows(IllegalArgumentException.class, () -> IdentityFile.parse(comment));
    assertThrows(
        IllegalArgumentException.class,
        () -> IdentityFile.parse(new byte[IdentityFile.MAX_LENGTH + 1]));
  }

  @Test
  @Tag("T27")
  void parse_mistypedKey_saysTheLineAndNoKey() {
    try (SecretBytes key = IDENTITY.encode()) {
      String body = ascii(key).substring(19);
      String mistyped =
          "AGE-SECRET-KEY-PQ-1" + (body.charAt(0) == 'Q' ? 'P' : 'Q') + body.substring(1);
      for (String line :
          List.of(mistyped, mistyped.toLowerCase(java.util.Locale.ROOT), body, mistyped + " ")) {
        byte[] file = ("# key\n" + line + "\n").getBytes(StandardCharsets.US_ASCII);
        Throwable refused =
            assertThrows(IllegalArgumentException.class, () -> IdentityFile.parse(file));
        assertEquals("line 2: ", refused.getMessage().substring(0, 8));
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
          String printed = cause.toString().toUpperCase(java.util.Locale.ROOT);
          assertFalse(printed.contains(body.substring(10, 20)), printed);
        }
      }
    }
  }

  private static String ascii(SecretBytes secret) {
    return new String(secret.borrow(), StandardCharsets.US_ASCII);
  }
}
