package io.dvault.curve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;

/** Native code gives BouncyCastle's bytes, and refuses what BouncyCastle refuses. */
class NativeCurvesTest {
  private final Random random = new Random(25519);

  /** The platforms that the library is built for; elsewhere BouncyCastle does it all, and there is nothing to see. */
  private static boolean isBuiltForHere() {
    String platform = System.getProperty("os.name").split(" ")[0] + " " + System.getProperty("os.arch");
    return List.of("Linux amd64", "Linux aarch64", "Mac x86_64", "Mac aarch64", "Windows amd64").contains(platform);
  }

  private static NativeCurves curves() {
    return NativeCurves.load().orElseThrow();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void load_platformOfTheLibrary_isThereAndStays() {
    assertEquals(isBuiltForHere(), NativeCurves.load().isPresent());
    assertEquals(NativeCurves.load(), NativeCurves.find());
  }

  @Test
  void sign_randomKeysAndMessages_areBouncyCastlesBytes() {
    for (int i = 0; i < 300 && isBuiltForHere(); i++) {
      byte[] seed = bytes(32);
      byte[] message = bytes(random.nextInt(600));
      byte[] expected = new byte[Ed25519.SIGNATURE_SIZE];
      Ed25519.sign(seed, 0, message, 0, message.length, expected, 0);
      try (NativeEd25519.SigningKey key = curves().ed25519().signingKey(seed); Ed25519Key pair = Ed25519Key.ofSeed(seed.clone())) {
        assertArrayEquals(expected, key.sign(message));
        assertArrayEquals(expected, pair.sign(message));
        assertTrue(curves().ed25519().verifies(pair.publicKey(), message, expected));
        assertTrue(Ed25519Key.verifies(pair.publicKey(), message, expected));
      }
    }
  }

  @Test
  void ofSeed_anySeed_hasBouncyCastlesPublicKey() {
    for (int i = 0; i < 300 && isBuiltForHere(); i++) {
      byte[] seed = bytes(32);
      byte[] expected = new byte[Ed25519.PUBLIC_KEY_SIZE];
      Ed25519.generatePublicKey(seed, 0, expected, 0);
      assertArrayEquals(expected, curves().ed25519().publicKey(seed));
      try (Ed25519Key pair = Ed25519Key.ofSeed(seed)) {
        assertArrayEquals(expected, pair.publicKey());
      }
    }
  }

  @Test
  void verifies_anyBitFlipped_neitherTakesIt() {
    byte[] message = bytes(100);
    try (Ed25519Key pair = Ed25519Key.ofSeed(bytes(32))) {
      byte[] signature = pair.sign(message);
      for (int bit = 0; bit < 8 * signature.length; bit++) {
        byte[] damaged = signature.clone();
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        assertFalse(Ed25519Key.verifies(pair.publicKey(), message, damaged), "bit " + bit);
        assertFalse(isBuiltForHere() && curves().ed25519().verifies(pair.publicKey(), message, damaged), "bit " + bit);
      }
      for (int bit = 0; bit < 8 * 32; bit++) {
        byte[] other = pair.publicKey();
        other[bit / 8] ^= (byte) (1 << bit % 8);
        assertFalse(Ed25519Key.verifies(other, message, signature), "bit " + bit);
      }
    }
  }

  @Test
  void verifies_wrongLengths_isFalse() {
    try (Ed25519Key pair = Ed25519Key.ofSeed(bytes(32))) {
      byte[] message = bytes(10);
      byte[] signature = pair.sign(message);
      assertTrue(Ed25519Key.verifies(pair.publicKey(), message, signature));
      assertFalse(Ed25519Key.verifies(pair.publicKey(), message, bytes(63)));
      assertFalse(Ed25519Key.verifies(pair.publicKey(), message, new byte[0]));
      assertFalse(Ed25519Key.verifies(bytes(31), message, signature));
      assertFalse(Ed25519Key.verifies(new byte[0], message, signature));
    }
  }

  @Test
  void find_hundredsOfQuestions_loadsOnlyThen() throws Exception {
    assertEquals("399 empty, then " + found(), said(Asked399Times.class));
  }

  @Test
  void expect_hundreds_isThereSoonAndNotForFewer() throws Exception {
    assertEquals("empty, then " + found(), said(Expected.class));
  }

  @Test
  void await_thousands_isThereAtOnce() throws Exception {
    assertEquals(found(), said(Awaited.class));
  }

  private static String found() {
    return isBuiltForHere() ? "found" : "empty";
  }

  /** What a program prints in a JVM of its own, where nobody has asked before. */
  private static String said(Class<?> program) throws Exception {
    Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp", System.getProperty("java.class.path"), program.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, java.waitFor(), said);
    return said.strip();
  }

  private static String now() {
    return NativeCurves.loaded().isPresent() ? "found" : "empty";
  }

  private static String soon() throws InterruptedException {
    for (int i = 0; i < 100 && NativeCurves.loaded().isEmpty(); i++) {
      Thread.sleep(100);
    }
    return now();
  }

  /** Asks 399 times, before the last one after a while, then once more and waits for what comes of it. */
  static final class Asked399Times {
    public static void main(String[] none) throws InterruptedException {
      int empty = 0;
      for (int i = 0; i < 399; i++) {
        Thread.sleep(i < 398 ? 0 : 1_000); // what was begun too early is there by then
        empty += NativeCurves.find().isEmpty() ? 1 : 0;
      }
      NativeCurves.find();
      System.out.println(empty + " empty, then " + soon());
    }
  }

  /** Expects too few, however long it takes, then enough. */
  static final class Expected {
    public static void main(String[] none) throws InterruptedException {
      NativeCurves.expect(399);
      NativeCurves.await(399);
      Thread.sleep(1_000);
      String few = now();
      NativeCurves.expect(400);
      System.out.println(few + ", then " + soon());
    }
  }

  static final class Awaited {
    public static void main(String[] none) {
      NativeCurves.await(4_000);
      System.out.println(now());
    }
  }

  @Test
  void close_keyPair_signsNoMore() {
    NativeCurves.load();
    Ed25519Key pair = Ed25519Key.ofSeed(bytes(32));
    pair.sign(bytes(3));
    pair.close();
    assertThrows(IllegalStateException.class, () -> pair.sign(bytes(3)));
    assertEquals("(sensitive)", pair.toString());
  }
}
