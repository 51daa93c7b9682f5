package io.dvault.cbor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Spec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The worked example of {@code schemas/spec/dag-cbor-and-cid.md}. */
class CborSpecTest {
  private static final String FILE = "dag-cbor-and-cid.md";
  private static final Cid RAW = Cid.of(Codec.RAW, "sealed".getBytes(StandardCharsets.US_ASCII));

  @Test
  void example_cid_isWhatTheCodeMakes() throws Exception {
    assertArrayEquals(RAW.toBytes(), Spec.hex(FILE, "example-cid"));
    assertEquals(RAW, Cid.ofBytes(Spec.hex(FILE, "example-cid")));
    assertEquals(RAW, Cid.parse(RAW.toString()));
    assertTrue(Spec.text(FILE).contains("`" + RAW + "`"));
  }

  @Test
  void example_map_isWhatTheCodeMakes() throws Exception {
    CborValue map = CborValue.of(Map.of(
        "v", CborValue.of(1),
        "gen", CborValue.of(300),
        "neg", CborValue.of(-25),
        "link", CborValue.of(RAW),
        "list",
            CborValue.of(List.of(CborValue.NULL, CborValue.of(true), new CborValue.CborFloat(1.5))),
        "text", CborValue.of("é"),
        "bytes", CborValue.of(new byte[] {1, 2})));
    byte[] example = Spec.hex(FILE, "example-map");
    assertArrayEquals(example, DagCbor.encode(map));
    assertEquals(map, DagCbor.decode(example));
    assertTrue(Spec.text(FILE).contains("`" + Cid.of(Codec.DAG_CBOR, example) + "`"));
  }
}
