package io.dvault.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.bundle.SealedBundle.Expected;
import io.dvault.bundle.SealedBundle.Result;
import io.dvault.cbor.CborValue;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.model.SecretBytes;
import io.dvault.model.Validity;
import io.dvault.model.VaultId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The worked examples of {@code schemas/spec/sealed-bundle.md} and {@code device-identity.md}, byte for byte. */
class SealedBundleSpecTest {
  private static final Identity DEVICE = Identity.generate(new TestRandom());
  private static final Payload PAYLOAD = new Payload(
      new VaultId(Bytes32.of(bytes(0x11))),
      DEVICE.recipient().deviceId(),
      new EntryId(Bytes32.of(bytes(0x33))),
      2,
      7,
      new Validity(Instant.ofEpochSecond(1_795_000_000), Instant.ofEpochSecond(1_795_604_800)),
      "Token",
      CborValue.of(Map.of("content", CborValue.of("s3cret".getBytes(StandardCharsets.US_ASCII)))),
      CborValue.of(
          Map.of("path", CborValue.of("/etc/app"), "name", CborValue.of("Token/api@gw-1"))));

  private static byte[] bytes(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  /** The contents of the block that starts with the line {@code ```name}. */
  private static String block(String file, String name) throws IOException {
    String text =
        Files.readString(Path.of(System.getProperty("dvault.root"), "schemas", "spec", file));
    int start = text.indexOf("```" + name + "\n");
    assertTrue(start >= 0, "no block " + name);
    start = text.indexOf('\n', start) + 1;
    return text.substring(start, text.indexOf("```", start));
  }

  private static byte[] hex(String block) {
    return HexFormat.of().parseHex(block.replaceAll("\\s", ""));
  }

  @Test
  void seal_workedExample_givesTheBytesOfTheSpecification() throws IOException {
    byte[] header =
        block("sealed-bundle.md", "text example-header").getBytes(StandardCharsets.US_ASCII);
    byte[] payload = hex(block("sealed-bundle.md", "hex example-payload"));
    byte[] file = Arrays.copyOf(header, header.length + payload.length);
    System.arraycopy(payload, 0, file, header.length, payload.length);
    assertArrayEquals(file, SealedBundle.seal(PAYLOAD, DEVICE.recipient(), new TestRandom()));
    Expected place = new Expected(
        PAYLOAD.vault(), PAYLOAD.device(), PAYLOAD.entry(), 2, PAYLOAD.validity(), "Token", 7);
    assertEquals(
        PAYLOAD,
        assertInstanceOf(Result.Opened.class, SealedBundle.open(file, DEVICE, place))
            .payload());
  }

  @Test
  void encode_workedExample_givesThePlaintextOfTheSpecification() throws IOException {
    byte[] shown = hex(block("sealed-bundle.md", "hex example-plaintext"));
    byte[] plaintext = PayloadCodec.encode(PAYLOAD);
    int zeros = plaintext.length - shown.length;
    byte[] whole = new byte[plaintext.length];
    // "pad", then a byte string whose length takes two bytes
    int padAt = indexOf(shown, HexFormat.of().parseHex("6370616459")) + 7;
    System.arraycopy(shown, 0, whole, 0, padAt);
    System.arraycopy(shown, padAt, whole, padAt + zeros, shown.length - padAt);
    assertArrayEquals(whole, plaintext);
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not found");
  }

  @Test
  void identity_workedExample_givesTheStringsOfTheSpecification() throws IOException {
    String file = block("device-identity.md", "text example-identity-file");
    try (SecretBytes written = IdentityFile.write(DEVICE, Instant.parse("2026-11-22T10:00:00Z"))) {
      assertEquals(file, new String(written.borrow(), StandardCharsets.US_ASCII));
    }
    String id = block("device-identity.md", "text example-device-id").strip();
    assertEquals(id, DeviceId.ofRecipient(DEVICE.recipient().toString()).toString());
  }
}
