package io.dvault.install;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.disk.RefusedException;
import io.dvault.install.AuthorizedKeysText.Line;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import io.dvault.spi.Installation.AuthorizedKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("T25")
class AuthorizedKeysTextTest {
  private static final AuthorizedKeysText TEXT =
      new AuthorizedKeysText(new VaultId(Bytes32.sha256("vault")));
  private static final Line LINE = new Line(
      new AuthorizedKey("ops", "restrict,pty", "ssh-ed25519 AAAA", "alice@laptop"),
      Instant.parse("2026-11-22T22:31:24Z"));

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void text_lineWithEverything_isAsSshdReadsIt() {
    assertEquals(
        "expiry-time=\"20261122223124Z\",restrict,pty ssh-ed25519 AAAA alice@laptop",
        AuthorizedKeysText.text(LINE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "a",
        "a\n",
        "a\r\nb",
        "\n\n\n",
        "# BEGIN something else\n# END dvault\n",
        "ssh-rsa AAAA no line feed",
        "\u00ff\u0000\u0001"
      })
  void with_addedAndRemoved_restoresEveryByte(String before) throws RefusedException {
    byte[] with = TEXT.with(Optional.of(bytes(before)), List.of(LINE)).orElseThrow();
    assertTrue(new String(with, StandardCharsets.ISO_8859_1).endsWith(before));
    assertArrayEquals(bytes(before), TEXT.with(Optional.of(with), List.of()).orElseThrow());
  }

  @Test
  void with_randomFiles_addThenRemoveIsIdentity_andAddTwiceIsOnce() throws RefusedException {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      byte[] before = new byte[random.nextInt(200)];
      random.nextBytes(before);
      byte[] once = TEXT.with(Optional.of(before), List.of(LINE)).orElseThrow();
      assertArrayEquals(once, TEXT.with(Optional.of(once), List.of(LINE)).orElseThrow());
      assertArrayEquals(before, TEXT.with(Optional.of(once), List.of()).orElseThrow());
    }
  }

  @Test
  void with_noFile_madeAndGoneAgain() throws RefusedException {
    byte[] made = TEXT.with(Optional.empty(), List.of(LINE)).orElseThrow();
    assertEquals(Optional.empty(), TEXT.with(Optional.of(made), List.of()));
    byte[] grown = (new String(made, StandardCharsets.ISO_8859_1) + "mine\n")
        .getBytes(StandardCharsets.ISO_8859_1);
    assertArrayEquals(
        bytes("mine\n"),
        TEXT.with(Optional.of(grown), List.of()).orElseThrow(),
        "somebody else's line stays");
  }

  @Test
  void with_blockMovedDownByItsUser_staysWhereItIs() throws RefusedException {
    byte[] block = TEXT.with(Optional.of(bytes("")), List.of(LINE)).orElseThrow();
    byte[] moved = bytes("first\n" + new String(block, StandardCharsets.ISO_8859_1) + "last");
    assertArrayEquals(moved, TEXT.with(Optional.of(moved), List.of(LINE)).orElseThrow());
    assertArrayEquals(
        bytes("first\nlast"), TEXT.with(Optional.of(moved), List.of()).orElseThrow());
  }

  @Test
  void with_anotherVaultsBlock_isNotTouched() throws RefusedException {
    AuthorizedKeysText other = new AuthorizedKeysText(new VaultId(Bytes32.sha256("other")));
    byte[] theirs = other.with(Optional.of(bytes("x\n")), List.of(LINE)).orElseThrow();
    byte[] both = TEXT.with(Optional.of(theirs), List.of(LINE)).orElseThrow();
    assertArrayEquals(theirs, TEXT.with(Optional.of(both), List.of()).orElseThrow());
  }

  @Test
  void with_brokenMarkers_isRefused() throws RefusedException {
    String block = new String(
        TEXT.with(Optional.of(bytes("")), List.of(LINE)).orElseThrow(),
        StandardCharsets.ISO_8859_1);
    String end = block.lines().reduce((a, b) -> b).orElseThrow() + "\n";
    for (String broken :
        List.of(block.replace(end, ""), block + block, end, end + block, block + end)) {
      RefusedException e = assertThrows(
          RefusedException.class, () -> TEXT.with(Optional.of(bytes(broken)), List.of(LINE)));
      assertEquals("DV551", e.code());
    }
  }
}
