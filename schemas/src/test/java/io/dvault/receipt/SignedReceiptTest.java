package io.dvault.receipt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.crypto.Ed25519Key;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.model.VaultId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SignedReceiptTest {
  private static final Ed25519Key KEY =
      key("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  private static final Ed25519Key OTHER =
      key("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");

  private static Ed25519Key key(String seed) {
    return Ed25519Key.ofSeed(HexFormat.of().parseHex(seed));
  }

  private static Bytes32 filled(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return Bytes32.of(bytes);
  }

  static Receipt example() {
    return new Receipt(
        new VaultId(filled(0x11)),
        new DeviceId(filled(0x22)),
        42,
        filled(0x33),
        Instant.ofEpochSecond(1_795_000_000),
        List.of(new Receipt.Held(new EntryId(filled(0x44)), 3)),
        List.of(new Receipt.Failure(Optional.empty(), "DV531")));
  }

  @Test
  void decode_encoded_givesTheSame() throws MalformedCborException {
    SignedReceipt read = SignedReceipt.decode(SignedReceipt.sign(example(), KEY).encode());
    assertEquals(example(), read.claim());
    assertTrue(read.isBy(KEY.publicKey()));
  }

  @Test
  @Tag("T34")
  void isBy_anotherDevicesKey_isFalse() {
    assertFalse(SignedReceipt.sign(example(), OTHER).isBy(KEY.publicKey()));
  }

  @Test
  @Tag("T34")
  void isBy_anyBitOfTheReceiptFlipped_isFalse() throws MalformedCborException {
    byte[] file = SignedReceipt.sign(example(), KEY).encode();
    int read = 0;
    for (int at = 0; at < file.length; at++) {
      byte[] changed = file.clone();
      changed[at] ^= 1;
      try {
        assertFalse(SignedReceipt.decode(changed).isBy(KEY.publicKey()), "byte " + at);
        read++;
      } catch (MalformedCborException e) {
        assertTrue(e.getMessage().length() > 0);
      }
    }
    assertTrue(read > 100, "most flips keep the form");
  }

  @Test
  void ofCbor_unknownKey_isRefused() {
    Map<String, CborValue> map = new HashMap<>(example().toCbor().entries());
    map.put("extra", CborValue.of(1));
    assertThrows(MalformedCborException.class, () -> Receipt.ofCbor(CborValue.of(map)));
  }

  @Test
  void specification_example_isWhatWeWrite() throws Exception {
    String spec =
        Files.readString(Path.of(System.getProperty("dvault.root"), "schemas/spec/receipt.md"));
    List<String> hex = spec.lines().filter(line -> line.matches("[0-9a-f]{2,}")).toList();
    String text = String.join("", hex);
    String receipt = HexFormat.of().formatHex(DagCbor.encode(example().toCbor()));
    String signed = HexFormat.of().formatHex(SignedReceipt.sign(example(), KEY).encode());
    assertEquals(receipt + signed, text);
    assertArrayEquals(
        HexFormat.of().parseHex(signed), SignedReceipt.sign(example(), KEY).encode());
  }
}
