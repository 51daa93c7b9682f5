package io.dvault.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.dvault.model.SecretBytes;
import io.dvault.testing.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Other implementations open what we seal and seal what we open. */
class AgeInteropTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir
  Path folder;

  enum Kind {
    HYBRID,
    X25519;

    Identity generate() {
      return this == HYBRID ? Identity.generate(RANDOM) : Identity.generateClassic(RANDOM);
    }
  }

  @ParameterizedTest
  @EnumSource
  void npmAge_fileWeSealed_opens(Kind kind) throws IOException {
    try (Identity identity = kind.generate()) {
      byte[] plaintext = sealTo(identity);
      Npm.age(
          "open", folder.resolve("id.txt"), folder.resolve("sealed.age"), folder.resolve("plain"));
      assertArrayEquals(plaintext, Files.readAllBytes(folder.resolve("plain")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void open_fileThatNpmAgeSealed_opens(Kind kind) throws IOException {
    try (Identity identity = kind.generate()) {
      byte[] plaintext = writePlaintext();
      Npm.age("seal", identity.recipient(), folder.resolve("in"), folder.resolve("sealed.age"));
      assertOpens(plaintext, identity);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("peer:age")
  void goAge_fileWeSealed_opens(Kind kind) throws IOException {
    Path age = Peers.path("age");
    try (Identity identity = kind.generate()) {
      byte[] plaintext = sealTo(identity);
      Peers.run(age.toString(), "-d", "-i", path("id.txt"), "-o", path("plain"), path("sealed.age"))
          .requireSuccess();
      assertArrayEquals(plaintext, Files.readAllBytes(folder.resolve("plain")));
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("peer:age")
  void open_fileThatGoAgeSealed_opensBinaryAndArmored(Kind kind) throws IOException {
    Path age = Peers.path("age");
    try (Identity identity = kind.generate()) {
      byte[] plaintext = writePlaintext();
      String recipient = identity.recipient().toString();
      for (String armor : List.of("--armor", "--encrypt")) {
        Peers.run(age.toString(), armor, "-r", recipient, "-o", path("sealed.age"), path("in"))
            .requireSuccess();
        assertOpens(plaintext, identity);
      }
    }
  }

  @Test
  @Tag("peer:age-keygen")
  void goAgeKeygen_identityFile_readsBothWays() throws IOException {
    Path keygen = Peers.path("age-keygen");
    for (List<String> options : List.of(List.of("-pq"), List.<String>of())) {
      Path file = folder.resolve("keygen" + options.size() + ".txt");
      List<String> command =
          new java.util.ArrayList<>(List.of(keygen.toString(), "-o", file.toString()));
      command.addAll(options);
      Peers.run(command).requireSuccess();
      String text = Files.readString(file);
      Identity identity = IdentityFile.parse(Files.readAllBytes(file)).getFirst();
      assertEquals(true, text.contains("# public key: " + identity.recipient() + "\n"));
      // Ours has the same three lines; only the time is written in another zone's form.
      String time = text.lines().findFirst().orElseThrow().substring("# created: ".length());
      Instant created = java.time.OffsetDateTime.parse(time).toInstant();
      try (SecretBytes ours = IdentityFile.write(identity, created)) {
        String written = new String(ours.borrow(), java.nio.charset.StandardCharsets.US_ASCII);
        assertEquals(text.lines().skip(1).toList(), written.lines().skip(1).toList());
        Path again = folder.resolve("again" + options.size() + ".txt");
        Files.write(again, ours.borrow());
        String recipient = Peers.run(keygen.toString(), "-y", again.toString()).requireSuccess();
        assertEquals(identity.recipient().toString(), recipient.strip());
      }
    }
  }

  private byte[] sealTo(Identity identity) throws IOException {
    byte[] plaintext = writePlaintext();
    byte[] file =
        AgeFile.seal(List.of(identity.recipient()), plaintext, PostQuantum.WAIVED, RANDOM);
    Files.write(folder.resolve("sealed.age"), file);
    try (SecretBytes text = IdentityFile.write(identity, Instant.EPOCH)) {
      Files.write(folder.resolve("id.txt"), text.borrow());
    }
    return plaintext;
  }

  private byte[] writePlaintext() throws IOException {
    byte[] plaintext = new byte[100_000];
    RANDOM.nextBytes(plaintext);
    Files.write(folder.resolve("in"), plaintext);
    return plaintext;
  }

  private void assertOpens(byte[] plaintext, Identity identity) throws IOException {
    AgeFile.Result result =
        AgeFile.open(Files.readAllBytes(folder.resolve("sealed.age")), List.of(identity));
    assertArrayEquals(
        plaintext,
        assertInstanceOf(AgeFile.Result.Opened.class, result).plaintext().copy());
    Files.delete(folder.resolve("sealed.age"));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }
}
