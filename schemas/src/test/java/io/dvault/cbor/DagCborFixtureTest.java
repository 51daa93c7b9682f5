package io.dvault.cbor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Vectors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every block of ipld/codec-fixtures: all hash to their names; those that link as we do round-trip;
 * the others are refused
 * for their links, and for these alone: with the links replaced by one of ours, they round-trip too.
 */
@Tag("T15")
class DagCborFixtureTest {
  private static final Cid OURS = Cid.of(Codec.RAW, new byte[0]);

  private static List<Path> fixtures() throws IOException {
    try (Stream<Path> files = Files.list(Vectors.folder("dag-cbor"))) {
      return files
          .filter(file -> file.toString().endsWith(".dag-cbor"))
          .sorted()
          .toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> decode_eachFixture_roundTripsOrIsRefusedForItsLink() throws IOException {
    return fixtures().stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
          byte[] bytes = Files.readAllBytes(file);
          String name = file.getFileName().toString().replace(".dag-cbor", "");
          assertEquals(
              name.substring(name.lastIndexOf("__") + 2),
              Cid.of(Codec.DAG_CBOR, bytes).toString());
          byte[] replaced = withOurLinks(bytes);
          if (!Arrays.equals(replaced, bytes)) {
            MalformedCborException refused =
                assertThrows(MalformedCborException.class, () -> DagCbor.decode(bytes));
            assertTrue(refused.getMessage().contains("accepted"), refused.getMessage());
            assertEquals(0x2a, bytes[refused.offset() + 1], "the offset is that of a link");
          }
          assertArrayEquals(replaced, DagCbor.encode(DagCbor.decode(replaced)));
        }));
  }

  @Test
  void fixtures_counted_areAllThere() throws IOException {
    int refused = 0;
    List<Path> fixtures = fixtures();
    for (Path file : fixtures) {
      byte[] bytes = Files.readAllBytes(file);
      refused += Arrays.equals(withOurLinks(bytes), bytes) ? 0 : 1;
    }
    assertEquals(List.of(43, 82), List.of(refused, fixtures.size() - refused));
  }

  @TestFactory
  Stream<DynamicTest> decode_negativeFixture_isRefusedForItsReason() throws IOException {
    JsonNode cases = JsonMapper.shared()
        .readTree(
            Files.readString(Vectors.folder("dag-cbor").resolve("negative-duplicate-keys.json")));
    return cases
        .valueStream()
        .map(negative -> DynamicTest.dynamicTest(negative.get("name").asString(), () -> {
          byte[] bytes = HexFormat.of().parseHex(negative.get("hex").asString());
          MalformedCborException refused =
              assertThrows(MalformedCborException.class, () -> DagCbor.decode(bytes));
          assertTrue(
              refused.getMessage().contains(negative.get("error").asString()),
              refused.getMessage());
        }));
  }

  /** Puts our link in place of every other form of link; finds them in the bytes, without the codec under test. */
  private static byte[] withOurLinks(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < bytes.length; ) {
      int cid = startOfCid(bytes, i);
      if (cid < 0) {
        out.write(bytes[i++]);
        continue;
      }
      int end = cid + lengthOfCid(bytes, i);
      byte[] link = Arrays.copyOfRange(bytes, cid, end);
      out.writeBytes(new byte[] {(byte) 0xd8, 0x2a, 0x58, Cid.LENGTH + 1, 0});
      out.writeBytes(isOurs(link) ? link : OURS.toBytes());
      i = end;
    }
    return out.toByteArray();
  }

  /** After tag 42, the head of a byte string, and the identity multibase; -1 when that is not what stands at i. */
  private static int startOfCid(byte[] bytes, int i) {
    if (i + 4 >= bytes.length || (bytes[i] & 0xff) != 0xd8 || bytes[i + 1] != 0x2a) {
      return -1;
    }
    int cid = i + 3 + ((bytes[i + 2] & 31) < 24 ? 0 : 1 << (bytes[i + 2] & 31) - 24) + 1;
    return bytes[cid - 1] == 0 ? cid : -1;
  }

  private static int lengthOfCid(byte[] bytes, int i) {
    int info = bytes[i + 2] & 31;
    int length = info < 24
        ? info
        : info == 24 ? bytes[i + 3] & 0xff : (bytes[i + 3] & 0xff) << 8 | bytes[i + 4] & 0xff;
    return length - 1;
  }

  private static boolean isOurs(byte[] cid) {
    return cid.length == 36
        && cid[0] == 1
        && (cid[1] == 0x55 || cid[1] == 0x71)
        && cid[2] == 0x12
        && cid[3] == 0x20;
  }
}
