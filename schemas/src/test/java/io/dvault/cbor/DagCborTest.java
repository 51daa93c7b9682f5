package io.dvault.cbor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DagCborTest {
  private static final HexFormat HEX = HexFormat.of();

  @ParameterizedTest(name = "{0}: {1}")
  @Tag("T15")
  @CsvSource(
      delimiter = '|',
      value = {
        "''                   | ends too early",
        "1800                 | not in its shortest form",
        "1817                 | not in its shortest form",
        "1900ff               | not in its shortest form",
        "1a0000ffff           | not in its shortest form",
        "1b00000000ffffffff   | not in its shortest form",
        "3817                 | not in its shortest form",
        "5801ff               | not in its shortest form",
        "7803616263           | not in its shortest form",
        "980100               | not in its shortest form",
        "b801616100           | not in its shortest form",
        "1c                   | reserved length form",
        "1d                   | reserved length form",
        "1e                   | reserved length form",
        "1f                   | indefinite length",
        "5f4100ff             | indefinite length",
        "7f6161ff             | indefinite length",
        "9f00ff               | indefinite length",
        "bf616100ff           | indefinite length",
        "ff                   | simple value",
        "f7                   | simple value",
        "f0                   | simple value",
        "f818                 | simple value",
        "f93c00               | 64 bits wide",
        "fa3f800000           | 64 bits wide",
        "fb7ff0000000000000   | NaN or infinity",
        "fbfff0000000000000   | NaN or infinity",
        "fb7ff8000000000000   | NaN or infinity",
        "fb3ff0               | ends too early",
        "0000                 | bytes after the value",
        "a10000               | key is not text",
        "a1416100             | key is not text",
        "a2616201616102       | out of order",
        "a262616101616202     | out of order",
        "a2616101616102       | comes twice",
        "a1                   | ends too early",
        "a16161               | ends too early",
        "62c328               | not UTF-8",
        "61ff                 | not UTF-8",
        "a162c32800           | not UTF-8",
        "a161ff00             | not UTF-8",
        "a262c3a90062616200   | out of order",
        "a262c3a90062c3a900   | comes twice",
        "62c080               | not UTF-8",
        "63eda080             | not UTF-8",
        "64f4908080           | not UTF-8",
        "9affffffff           | ends too early",
        "9bffffffffffffffff   | ends too early",
        "bb7fffffffffffffff   | ends too early",
        "5affffffff           | ends too early",
        "5b7fffffffffffffff   | ends too early",
        "7b8000000000000000   | ends too early",
        "c100                 | only tag 42",
        "d9d9f7d82a00         | only tag 42",
        "d82b4100             | only tag 42",
        "d82a00               | a link holds bytes",
        "d82a6100             | a link holds bytes",
        "d82a40               | identity multibase",
        "d82a4101             | identity multibase",
        "d82a4100             | only CIDv1 with sha2-256",
        "d9002a4100           | not in its shortest form"
      })
  void decode_notStrict_isRefusedForItsReason(String hex, String reason) {
    MalformedCborException refused =
        assertThrows(MalformedCborException.class, () -> DagCbor.decode(HEX.parseHex(hex)));
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
  }

  @ParameterizedTest(name = "{0}")
  @Tag("T15")
  @CsvSource({
    "00, sha2-256 in CID version 0",
    "02711220, version 2",
    "01701220, dag-pb",
    "01711320, sha2-512",
    "0171121f, cut digest",
    "01710020, identity"
  })
  void decode_linkOfAnotherForm_isRefused(String prefix, String name) {
    String cid = prefix + "00".repeat(Cid.LENGTH - prefix.length() / 2);
    byte[] bytes = HEX.parseHex("d82a582500" + cid);
    assertThrows(MalformedCborException.class, () -> DagCbor.decode(bytes), name);
  }

  @Test
  @Tag("T15")
  void decode_nestedToTheLimit_isReadAndOneMoreIsRefused() throws Exception {
    assertArrayEquals(
        nested(DagCbor.MAX_DEPTH), DagCbor.encode(DagCbor.decode(nested(DagCbor.MAX_DEPTH))));
    assertThrows(MalformedCborException.class, () -> DagCbor.decode(nested(DagCbor.MAX_DEPTH + 1)));
  }

  @Test
  @Tag("T15")
  void decode_recursionBomb_isRefusedWithoutOverflow() {
    assertThrows(
        MalformedCborException.class, () -> DagCbor.decode(nested(DagCbor.MAX_LENGTH - 1)));
  }

  @Test
  @Tag("T15")
  void decode_tooManyValues_isRefusedByReaderAndWriter() throws Exception {
    byte[] most = list(DagCbor.MAX_VALUES - 1);
    assertArrayEquals(most, DagCbor.encode(DagCbor.decode(most)));
    assertThrows(MalformedCborException.class, () -> DagCbor.decode(list(DagCbor.MAX_VALUES)));
    CborValue over = CborValue.of(Collections.nCopies(DagCbor.MAX_VALUES, CborValue.NULL));
    assertThrows(IllegalArgumentException.class, () -> DagCbor.encode(over));
  }

  @Test
  void encode_overTheLimits_isRefused() {
    CborValue long1 = CborValue.of(new byte[DagCbor.MAX_LENGTH]);
    assertThrows(IllegalArgumentException.class, () -> DagCbor.encode(long1));
    CborValue deep = CborValue.NULL;
    for (int i = 0; i <= DagCbor.MAX_DEPTH; i++) {
      deep = CborValue.of(List.of(deep));
    }
    CborValue tooDeep = deep;
    assertThrows(IllegalArgumentException.class, () -> DagCbor.encode(tooDeep));
    assertThrows(IllegalArgumentException.class, () -> DagCbor.encode(CborValue.of("\ud800x")));
    assertThrows(IllegalArgumentException.class, () -> DagCbor.encode(CborValue.of("x\udc00")));
  }

  @Test
  void encode_fullBlock_isRead() throws Exception {
    byte[] bytes = DagCbor.encode(CborValue.of(new byte[DagCbor.MAX_LENGTH - 5]));
    assertEquals(DagCbor.MAX_LENGTH, bytes.length);
    assertArrayEquals(bytes, DagCbor.encode(DagCbor.decode(bytes)));
  }

  @Test
  void keyOrder_anyTexts_isThatOfTheirBytes() {
    List<String> keys = new ArrayList<>(
        List.of("", "z", "aa", "ÿ", "ab", "€", "zzz", "aaaa", "😀", "\uffee", "\uffeea"));
    List<String> byBytes = new ArrayList<>(keys);
    byBytes.sort((a, b) -> {
      byte[] left = a.getBytes(StandardCharsets.UTF_8);
      byte[] right = b.getBytes(StandardCharsets.UTF_8);
      return left.length != right.length
          ? Integer.compare(left.length, right.length)
          : Arrays.compareUnsigned(left, right);
    });
    keys.sort(DagCbor.KEY_ORDER);
    assertEquals(byBytes, keys);
  }

  @Test
  @Tag("T15")
  void decode_randomValues_roundTrip() throws Exception {
    Random random = new Random(20261122);
    for (int i = 0; i < 3_000; i++) {
      CborValue value = value(random, 5);
      byte[] bytes = DagCbor.encode(value);
      CborValue decoded = DagCbor.decode(bytes);
      assertEquals(value, decoded);
      assertArrayEquals(bytes, DagCbor.encode(decoded));
    }
  }

  @Test
  @Tag("T15")
  void decode_mutatedBytes_isRefusedOrTheSameAgain() {
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = DagCbor.encode(value(random, 4));
      int flips = 1 + random.nextInt(3);
      for (int flip = 0; flip < flips; flip++) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      byte[] mutated =
          random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
      try {
        assertArrayEquals(mutated, DagCbor.encode(DagCbor.decode(mutated)));
      } catch (MalformedCborException e) {
        refused++;
      }
    }
    assertTrue(refused > 1_000, "mutations do reach the checks: " + refused);
  }

  private static byte[] nested(int depth) {
    byte[] bytes = new byte[depth + 1];
    Arrays.fill(bytes, 0, depth, (byte) 0x81);
    bytes[depth] = (byte) 0xf6;
    return bytes;
  }

  private static byte[] list(int count) {
    byte[] bytes = new byte[5 + count];
    Arrays.fill(bytes, (byte) 0xf6);
    bytes[0] = (byte) 0x9a;
    for (int i = 0; i < 4; i++) {
      bytes[1 + i] = (byte) (count >> 24 - 8 * i);
    }
    return bytes;
  }

  private static CborValue value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 7 : 9)) {
      case 0 -> CborValue.of(random.nextLong() >> random.nextInt(64));
      case 1 -> new CborValue.CborFloat(random.nextGaussian());
      case 2 -> CborValue.of(bytes(random, random.nextInt(300)));
      case 3 -> CborValue.of(text(random));
      case 4 -> CborValue.of(random.nextBoolean());
      case 5 -> CborValue.NULL;
      case 6 ->
        CborValue.of(Cid.of(random.nextBoolean() ? Codec.RAW : Codec.DAG_CBOR, bytes(random, 8)));
      case 7 -> {
        List<CborValue> items = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          items.add(value(random, depth - 1));
        }
        yield CborValue.of(items);
      }
      default -> {
        Map<String, CborValue> entries = new TreeMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          entries.put(text(random), value(random, depth - 1));
        }
        yield CborValue.of(entries);
      }
    };
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      int[] ranges = {0x80, 0x800, 0xd800, 0x10000};
      int point = random.nextInt(ranges[random.nextInt(3)]);
      text.appendCodePoint(random.nextInt(10) == 0 ? 0x10000 + random.nextInt(0x1000) : point);
    }
    return text.toString();
  }

  @Test
  void mapWith_fieldAnywhere_isTheMapThatHasIt() {
    List<String> keys = List.of("a", "b", "aa", "ab", "abc");
    for (String added : keys) {
      Map<String, CborValue> all = new TreeMap<>();
      keys.forEach(key -> all.put(key, CborValue.of(key)));
      Map<String, CborValue> others = new TreeMap<>(all);
      others.remove(added);
      CborValue.CborMap whole = CborValue.of(others).with(added, CborValue.of(added));
      assertEquals(CborValue.of(all), whole);
      assertArrayEquals(DagCbor.encode(CborValue.of(all)), DagCbor.encode(whole));
      assertThrows(IllegalArgumentException.class, () -> whole.with(added, CborValue.NULL));
    }
  }

  @Test
  void mapInOrder_keysOutOfOrderOrTooMany_isRefused() {
    CborValue one = CborValue.of(1);
    assertEquals(
        CborValue.of(Map.of("b", one, "aa", one)),
        CborValue.CborMap.inOrder(List.of("b", "aa"), one, one));
    for (List<String> keys :
        List.of(List.of("aa", "b"), List.of("b", "b"), List.of("b"), List.of("a", "b", "c"))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> CborValue.CborMap.inOrder(keys, one, one),
          keys::toString);
    }
  }
}
