package io.dvault.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.dvault.bundle.AgeFile.Part;
import io.dvault.bundle.AgeFile.Result;
import io.dvault.model.Bytes32;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every vector of the age project (npm {@code cctv-age}), each by its name and with its exact kind of failure.
 * Passphrase recipients are not supported: those vectors must never open, and their files are for somebody else.
 */
@Tag("T20")
class AgeVectorsTest {
  @TempDir
  static Path folder;

  /** One vector: its headers, then the file. */
  private record Vector(
      String name,
      String expect,
      Optional<String> payload,
      List<Identity> identities,
      boolean passphrase,
      boolean armored,
      byte[] file) {

    static Vector read(Path path) {
      try {
        byte[] bytes = Files.readAllBytes(path);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\n\n");
        byte[] file = java.util.Arrays.copyOfRange(bytes, end + 2, bytes.length);
        List<Identity> identities = new ArrayList<>();
        String expect = "";
        Optional<String> payload = Optional.empty();
        boolean passphrase = false;
        boolean armored = false;
        for (String line : text.substring(0, end).split("\n")) {
          String value = line.substring(line.indexOf(": ") + 2);
          switch (line.substring(0, line.indexOf(": "))) {
            case "expect" -> expect = value;
            case "payload" -> payload = Optional.of(value);
            case "identity" -> identities.add(Identity.parse(value));
            case "passphrase" -> passphrase = true;
            case "armored" -> armored = true;
            case "compressed" -> {
              assertEquals("zlib", value);
              file = new InflaterInputStream(new java.io.ByteArrayInputStream(file)).readAllBytes();
            }
            case "file key", "comment" -> assertEquals(false, value.isEmpty());
            default -> throw new IllegalStateException("unknown header: " + line);
          }
        }
        String name = path.getFileName().toString();
        return new Vector(name, expect, payload, identities, passphrase, armored, file);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private static List<Vector> vectors() throws IOException {
    if (!Files.exists(folder.resolve("x25519"))) {
      Npm.age("vectors", folder);
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().map(Vector::read).toList();
    }
  }

  @Test
  void vectors_all_areThere() throws IOException {
    List<Vector> vectors = vectors();
    assertEquals(143, vectors.size());
    assertEquals(26, vectors.stream().filter(Vector::passphrase).count());
    assertEquals(33, vectors.stream().filter(Vector::armored).count());
  }

  @TestFactory
  Stream<DynamicTest> open_ageVector_endsAsExpected() throws IOException {
    return vectors().stream().map(vector -> {
      String name =
          vector.name + ": " + (vector.passphrase ? "passphrase, not supported" : vector.expect);
      return dynamicTest(name, () -> check(vector));
    });
  }

  private static void check(Vector vector) {
    assertEquals(
        vector.armored && !vector.name.equals("armor_garbage_leading"),
        Armor.isArmored(vector.file));
    Result result = AgeFile.openUnlimited(vector.file, vector.identities);
    if (vector.passphrase) {
      checkUnsupported(vector, result);
      return;
    }
    switch (vector.expect) {
      case "success" -> {
        Result.Opened opened = assertInstanceOf(Result.Opened.class, result);
        assertEquals(
            vector.payload.orElseThrow(),
            Bytes32.sha256(opened.plaintext().borrow()).hex());
      }
      case "no match" -> assertInstanceOf(Result.NotForUs.class, result);
      case "header failure" -> assertMalformed(Part.HEADER, result);
      case "HMAC failure" -> assertMalformed(Part.MAC, result);
      case "payload failure" -> assertMalformed(Part.PAYLOAD, result);
      // Leading garbage hides the armor, so the file is refused as an age file with a bad first
      // line.
      case "armor failure" ->
        assertMalformed(Armor.isArmored(vector.file) ? Part.ARMOR : Part.HEADER, result);
      default -> throw new IllegalStateException("unknown expectation: " + vector.expect);
    }
  }

  /** What breaks the header's own rules is malformed for us too; all else is not for us, and says that it is scrypt. */
  private static void checkUnsupported(Vector vector, Result result) {
    switch (result) {
      case Result.Opened o ->
        throw new AssertionError(vector.name + " opened without a passphrase");
      case Result.NotForUs notForUs ->
        assertEquals("scrypt", notForUs.stanzas().getFirst().toLowerCase(java.util.Locale.ROOT));
      case Result.Malformed malformed -> {
        assertEquals("header failure", vector.expect);
        assertEquals(Part.HEADER, malformed.part());
      }
    }
  }

  private static void assertMalformed(Part part, Result result) {
    Result.Malformed malformed = assertInstanceOf(Result.Malformed.class, result);
    assertEquals(part, malformed.part(), malformed.reason());
  }
}
