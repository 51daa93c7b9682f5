package io.dvault.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.bundle.AgeFile.Part;
import io.dvault.bundle.AgeFile.Result;
import io.dvault.model.DiagnosticException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgeFileTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Identity HYBRID = Identity.generate(RANDOM);
  private static final Identity OTHER = Identity.generate(RANDOM);
  private static final Identity CLASSIC = Identity.generateClassic(RANDOM);
  private static final byte[] TEXT = "the key of all keys".getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 47, 48, 65_535, 65_536, 65_537, 131_072, 200_000, 1_000_000})
  void open_sealed_givesPlaintextBack(int length) {
    byte[] plaintext = new byte[length];
    new TestRandom().nextBytes(plaintext);
    byte[] file = AgeFile.seal(List.of(HYBRID.recipient()), plaintext, RANDOM);
    assertArrayEquals(plaintext, opened(AgeFile.open(file, List.of(HYBRID))));
  }

  @Test
  void open_sealedToSeveral_opensForEachAndNobodyElse() {
    byte[] file = AgeFile.seal(List.of(OTHER.recipient(), HYBRID.recipient()), TEXT, RANDOM);
    assertArrayEquals(TEXT, opened(AgeFile.open(file, List.of(HYBRID))));
    assertArrayEquals(TEXT, opened(AgeFile.open(file, List.of(OTHER))));
    assertArrayEquals(TEXT, opened(AgeFile.open(file, List.of(CLASSIC, OTHER))));
    Result.NotForUs notForUs =
        assertInstanceOf(Result.NotForUs.class, AgeFile.open(file, List.of(CLASSIC)));
    assertEquals(List.of("mlkem768x25519", "mlkem768x25519"), notForUs.stanzas());
  }

  @Test
  @Tag("T19")
  void seal_classicRecipient_needsTheExplicitChoice() {
    List<Recipient> recipients = List.of(HYBRID.recipient(), CLASSIC.recipient());
    var refused =
        assertThrows(DiagnosticException.class, () -> AgeFile.seal(recipients, TEXT, RANDOM));
    assertEquals("DV650", refused.diagnostics().getFirst().code());
    byte[] file = AgeFile.seal(recipients, TEXT, PostQuantum.WAIVED, RANDOM);
    assertArrayEquals(TEXT, opened(AgeFile.open(file, List.of(CLASSIC))));
  }

  @Test
  @Tag("T20")
  @Tag("O5")
  void open_oneByteFlipped_neverOpens() {
    byte[] file = AgeFile.seal(List.of(HYBRID.recipient()), TEXT, RANDOM);
    for (int i = 0; i < file.length; i++) {
      byte[] changed = file.clone();
      changed[i] ^= 1;
      Result result = AgeFile.open(changed, List.of(HYBRID));
      assertFalse(result instanceof Result.Opened, "byte " + i);
    }
  }

  @Test
  @Tag("T20")
  void open_cutAnywhere_isMalformed() {
    byte[] file =
        AgeFile.seal(List.of(CLASSIC.recipient()), new byte[70_000], PostQuantum.WAIVED, RANDOM);
    for (int length = 0;
        length < file.length;
        length += length < 500 || length > 65_500 && length < 66_500 ? 1 : 997) {
      Result result = AgeFile.open(Arrays.copyOf(file, length), List.of(CLASSIC));
      assertInstanceOf(Result.Malformed.class, result, "cut at " + length);
    }
    byte[] longer = Arrays.copyOf(file, file.length + 1);
    Result.Malformed malformed =
        assertInstanceOf(Result.Malformed.class, AgeFile.open(longer, List.of(CLASSIC)));
    assertEquals(Part.PAYLOAD, malformed.part());
  }

  @Test
  void open_longerThanLimit_isMalformedAndSealingItIsRefused() {
    Result result = AgeFile.open(new byte[AgeFile.MAX_LENGTH + 1], List.of(HYBRID));
    assertInstanceOf(Result.Malformed.class, result);
    List<Recipient> recipients = List.of(HYBRID.recipient());
    byte[] tooLong = new byte[AgeFile.MAX_LENGTH];
    assertThrows(IllegalArgumentException.class, () -> AgeFile.seal(recipients, tooLong, RANDOM));
    assertThrows(IllegalArgumentException.class, () -> AgeFile.seal(List.of(), TEXT, RANDOM));
  }

  @Test
  void seal_sameRandomness_givesSameBytes() {
    List<Recipient> recipients = List.of(HYBRID.recipient(), OTHER.recipient());
    assertArrayEquals(
        AgeFile.seal(recipients, TEXT, new TestRandom()),
        AgeFile.seal(recipients, TEXT, new TestRandom()));
  }

  @Test
  @Tag("T27")
  void open_closedIdentity_isRefusedAndNothingPrintsTheKey() {
    Identity identity = Identity.generate(RANDOM);
    byte[] file = AgeFile.seal(List.of(identity.recipient()), TEXT, RANDOM);
    assertEquals("(sensitive)", identity.toString());
    assertFalse(AgeFile.open(file, List.of(identity)).toString().contains("keys"));
    identity.close();
    assertThrows(IllegalStateException.class, () -> AgeFile.open(file, List.of(identity)));
    assertThrows(IllegalStateException.class, identity::encode);
    Identity classic = Identity.generateClassic(RANDOM);
    byte[] other = AgeFile.seal(List.of(classic.recipient()), TEXT, PostQuantum.WAIVED, RANDOM);
    classic.close();
    assertThrows(IllegalStateException.class, () -> AgeFile.open(other, List.of(classic)));
  }

  @Test
  @Tag("T15")
  void open_randomBytesAfterIntro_neverThrows() {
    SecureRandom random = new TestRandom();
    byte[] intro = "age-encryption.org/v1\n-> X25519 ".getBytes(StandardCharsets.US_ASCII);
    for (int length = 0; length < 2_000; length++) {
      byte[] tail = new byte[length];
      random.nextBytes(tail);
      byte[] file = Arrays.copyOf(intro, intro.length + length);
      System.arraycopy(tail, 0, file, intro.length, length);
      assertInstanceOf(Result.Malformed.class, AgeFile.open(file, List.of(HYBRID, CLASSIC)));
    }
  }

  @Test
  void open_thousandsOfStanzas_isMalformed() {
    String many = "age-encryption.org/v1\n" + "-> a\n\n".repeat(1025) + "--- ";
    Result result = AgeFile.open(many.getBytes(StandardCharsets.US_ASCII), List.of(HYBRID));
    assertTrue(assertInstanceOf(Result.Malformed.class, result).reason().contains("1024"));
  }

  private static byte[] opened(Result result) {
    return assertInstanceOf(Result.Opened.class, result).plaintext().copy();
  }
}
