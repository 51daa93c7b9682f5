package io.dvault.cbor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class MapReaderTest {
  private static final Cid RAW = Cid.of(Codec.RAW, new byte[] {1});

  private static MapReader reader(CborValue value) throws MalformedCborException {
    return MapReader.of(CborValue.of(Map.of("a", value)), "thing", "a");
  }

  private static void refused(String reason, Executable action) {
    MalformedCborException refused = assertThrows(MalformedCborException.class, action);
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
  }

  @Test
  void of_wrongKeys_isRefusedByName() {
    CborValue map = CborValue.of(Map.of("a", CborValue.NULL, "b", CborValue.NULL));
    refused("thing: unknown key \"b\"", () -> MapReader.of(map, "thing", "a"));
    refused("thing: key \"c\" is missing", () -> MapReader.of(map, "thing", "a", "b", "c"));
    refused("thing: expected a map", () -> MapReader.of(CborValue.NULL, "thing"));
  }

  @Test
  void of_optionalKey_mayBeAbsent() throws Exception {
    MapReader reader =
        MapReader.of(CborValue.of(Map.of("a", CborValue.of(1))), "thing", Set.of("a"), Set.of("b"));
    assertTrue(reader.has("a"));
    assertFalse(reader.has("b"));
    refused("thing.b: missing", () -> reader.require("b"));
    assertThrows(IllegalStateException.class, () -> reader.has("c"));
  }

  @Test
  void require_rightTypes_areRead() throws Exception {
    assertEquals(7, reader(CborValue.of(7)).requireInt("a"));
    assertEquals(-7, reader(CborValue.of(-7)).requireInt("a", -10, 10));
    assertEquals(Instant.ofEpochSecond(9), reader(CborValue.of(9)).requireInstant("a"));
    assertTrue(reader(CborValue.of(true)).requireBool("a"));
    assertEquals("x", reader(CborValue.of("x")).requireText("a", 1));
    assertArrayEquals(new byte[2], reader(CborValue.of(new byte[2])).requireBytes("a", 2));
    assertEquals(RAW, reader(CborValue.of(RAW)).requireLink("a", Codec.RAW));
    assertEquals(Optional.empty(), reader(CborValue.NULL).findLink("a", Codec.RAW));
    assertEquals(CborValue.of(Map.of()), reader(CborValue.of(Map.of())).requireMap("a"));
    assertEquals(
        List.of(CborValue.NULL), reader(CborValue.of(List.of(CborValue.NULL))).requireList("a", 1));
  }

  @Test
  void require_wrongTypesAndSizes_areRefusedByPlace() throws Exception {
    MapReader text = reader(CborValue.of("long"));
    refused("thing.a: expected a whole number", () -> text.requireInt("a"));
    refused("thing.a: expected true or false", () -> text.requireBool("a"));
    refused("thing.a: longer than 3", () -> text.requireText("a", 3));
    refused("thing.a: expected \"short\"", () -> text.requireText("a", "short"));
    refused("thing.a: expected bytes", () -> text.requireBytes("a", 3));
    refused("thing.a: expected a link to a RAW block", () -> text.requireLink("a", Codec.RAW));
    refused("thing.a: expected a map", () -> text.requireMap("a"));
    refused("thing.a: expected a list", () -> text.requireList("a", 3));
    refused("thing.a: expected text", () -> reader(CborValue.NULL).requireText("a", 3));
    refused("thing.a: expected a link", () -> reader(CborValue.NULL).requireLink("a", Codec.RAW));
    refused("DAG_CBOR block", () -> reader(CborValue.of(RAW)).requireLink("a", Codec.DAG_CBOR));
    refused(
        "thing.a: expected 32 bytes, got 2",
        () -> reader(CborValue.of(new byte[2])).requireBytes32("a"));
    refused("longer than 1 bytes", () -> reader(CborValue.of(new byte[2])).requireBytes("a", 1));
    refused(
        "more than 0 items",
        () -> reader(CborValue.of(List.of(CborValue.NULL))).requireList("a", 0));
  }

  @Test
  void requireInt_outsideItsRange_isRefused() throws Exception {
    refused("from 0 to", () -> reader(CborValue.of(-1)).requireInt("a"));
    refused("from 2 to 3", () -> reader(CborValue.of(4)).requireInt("a", 2, 3));
    BigInteger over = BigInteger.ONE.shiftLeft(63);
    refused("from 0 to", () -> reader(new CborValue.CborInt(over)).requireInt("a"));
    refused("from 0 to", () -> reader(CborValue.of(253_402_300_800L)).requireInstant("a"));
  }
}
