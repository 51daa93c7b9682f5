package io.dvault.dag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.testing.Spec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The worked examples of {@code schemas/spec/hashmap.md} and {@code car.md}. */
class DagSpecTest {

  @Test
  void example_hashMap_isWhatTheCodeMakes() throws Exception {
    HashMapEditor.Built built = Trees.build(
        HashMapShape.DVAULT,
        new TreeMap<>(Map.of(
            Trees.key("key-136"), CborValue.of(1),
            Trees.key("key-259"), CborValue.of(2),
            Trees.key("key-633"), CborValue.of(3),
            Trees.key("key-1131"), CborValue.of(4),
            Trees.key("alone"), CborValue.of(5))));
    List<Block> blocks = built.newBlocks();
    assertEquals(2, blocks.size());
    assertArrayEquals(Spec.hex("hashmap.md", "example-root"), blocks.get(0).bytes());
    assertArrayEquals(Spec.hex("hashmap.md", "example-node"), blocks.get(1).bytes());
    assertArrayEquals(
        Spec.hex("hashmap.md", "example-shards"),
        Shards.of(built.changedSlots()).toArray());
    Block empty = Trees.build(HashMapShape.DVAULT, Map.of()).newBlocks().getFirst();
    assertArrayEquals(Spec.hex("hashmap.md", "example-empty"), empty.bytes());
    for (Block block : List.of(blocks.get(0), blocks.get(1), empty)) {
      assertTrue(Spec.text("hashmap.md").contains("`" + block.cid() + "`"), block.toString());
    }
  }

  @Test
  void example_car_isWhatTheCodeMakes() throws Exception {
    Block sealed = Block.of(Codec.RAW, "sealed".getBytes(StandardCharsets.US_ASCII));
    Block node = Block.of(Codec.DAG_CBOR, DagCbor.encode(CborValue.of(sealed.cid())));
    List<Cid> roots = List.of(node.cid());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CarWriter writer = new CarWriter(out, roots);
    assertEquals(96, writer.write(node).offset());
    assertEquals(174, writer.write(sealed).offset());
    byte[] example = Spec.hex("car.md", "example-car");
    assertArrayEquals(example, out.toByteArray());
    CarReader reader = new CarReader(new ByteArrayInputStream(example), CarLimits.NONE);
    assertEquals(roots, reader.roots());
    assertEquals(Optional.of(new CarSection(96, node)), reader.next());
    assertEquals(Optional.of(new CarSection(174, sealed)), reader.next());
    assertEquals(Optional.empty(), reader.next());
  }
}
