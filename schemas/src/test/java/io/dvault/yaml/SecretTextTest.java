package io.dvault.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A7")
@Tag("T27")
class SecretTextTest {
  private static final String LETTERS = "0123456789abcdefghijABCDEFGHIJ0123456789abcdefghij";

  /** Put together here, so that no file of this repository holds one. */
  private static final List<String> SECRETS = List.of(
      "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
      "-----BEGIN " + "PRIVATE KEY-----",
      "b3BlbnNzaC1r" + "ZXktdjEAAAAA",
      "AGE-SECRET-" + "KEY-1QQPQQPQQPQQPQQPQQPQQPQQ",
      "AGE-SECRET-" + "KEY-PQ-1QQPQQPQQPQQPQQPQQPQQPQQ",
      "gh" + "p_" + LETTERS,
      "github" + "_pat_" + LETTERS,
      "gl" + "pat-" + LETTERS,
      "AK" + "IAIOSFODNN7EXAMPLE",
      "xo" + "xb-" + LETTERS,
      "sk_" + "live_" + LETTERS,
      "hv" + "s." + LETTERS,
      "np" + "m_" + LETTERS.substring(0, 36),
      "AI" + "za" + LETTERS.substring(0, 35),
      "ey" + "JhbGciOiJI.ey" + "JzdWIiOiIx.c2lnbmF0dXJl",
      "https://ann:" + "pass@example.org");

  @Test
  void find_everyForm_whereverItStands_andTheFastLookSeesItToo() {
    for (String secret : SECRETS) {
      for (String around :
          List.of("%s", "a: %s\n", "a: \"%s\"", "# old: %s", "ä 😀 [%s]", "x=%s,")) {
        String text = around.formatted(secret);
        assertEquals(1, SecretText.find(text).size(), text);
        assertTrue(SecretText.mayBeIn(text.getBytes(StandardCharsets.UTF_8)), text);
        assertFalse(SecretText.hidden(text).contains(secret), text);
      }
    }
  }

  @Test
  void mayBeIn_randomText_isRightWhereTheBytesAreAscii() {
    Random random = new Random(7);
    List<String> pieces = new ArrayList<>(SECRETS);
    pieces.addAll(List.of(
        "eyJ", "SG.", "npm_", "://", "AKIA", " ", "\n", ".", ":", "@", "-", "+", "/", "a", "Z7",
        LETTERS));
    int found = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int left = 1 + random.nextInt(6); left > 0; left--) {
        String piece = pieces.get(random.nextInt(pieces.size()));
        text.append(
            piece, 0, random.nextBoolean() ? piece.length() : random.nextInt(piece.length() + 1));
      }
      boolean secret = !SecretText.find(text.toString()).isEmpty();
      assertEquals(
          secret,
          SecretText.mayBeIn(text.toString().getBytes(StandardCharsets.US_ASCII)),
          text.toString());
      found += secret ? 1 : 0;
    }
    assertTrue(found > 2_000 && found < 18_000, found + " of 20,000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "---\nkind: Vault",
        "age1pq1qqqqqqqqqq",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8Q alice@laptop",
        "http://127.0.0.1:8545/x@y",
        "-----BEGIN PUBLIC KEY-----",
        "sk-ssh-ed25519@openssh.com",
        "myAKIAIOSFODNN7EXAMPLE",
        "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
        "npm_config",
        "https://example.org:8080/a@b"
      })
  void find_whatIsPublic_isLeftAlone(String text) {
    assertEquals(List.of(), SecretText.find(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  password: hunter2",
        "{user: ann, password: hunter2}",
        "\"apiKey\": \"hunter2\"",
        "client_secret: hunter2",
        "salt: hunter2",
        "  aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMmh1bnRlcjI=",
        "x: qK3vX9sLm2PzRt7wYb4NcJ8dFh5GaE6u"
      })
  void hidden_valueOfASecretField_orRandomWord_isNotShown(String line) {
    String hidden = SecretText.hidden(line);
    assertTrue(hidden.contains("(not shown)"), hidden);
    assertFalse(
        hidden.contains("hunter2") || hidden.contains("aHVud") || hidden.contains("qK3v"), hidden);
  }

  @Test
  void looksRandom_namesAndPublicKeys_doNot() {
    assertTrue(SecretText.looksRandom("qK3vX9sLm2PzRt7wYb4NcJ8dFh5GaE6u"));
    assertTrue(SecretText.looksRandom("3f9a77c21e0b4d5f8a6c9e2d1b7f4a30"));
    assertFalse(SecretText.looksRandom("a-rather-long-name-of-a-device-in-berlin-7"));
    assertFalse(SecretText.looksRandom("AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8Q"));
    assertFalse(SecretText.looksRandom("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"));
  }
}
