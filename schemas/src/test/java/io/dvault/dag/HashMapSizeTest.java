package io.dvault.dag;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashMapSizeTest {
  private static final CborValue BEFORE = CborValue.of(Cid.of(Codec.DAG_CBOR, new byte[] {1}));
  private static final CborValue AFTER = CborValue.of(Cid.of(Codec.DAG_CBOR, new byte[] {2}));

  @ParameterizedTest
  @CsvSource({
    "8, 3, 5000, 1",
    "8, 3, 5000, 40",
    "8, 3, 5000, 5000",
    "8, 3, 2, 1",
    "3, 1, 700, 9",
    "8, 3, 0, 0"
  })
  void ofNewNodes_keysAndChanges_isWhatTheEditorMakes(
      int bitWidth, int bucketSize, int size, int changes) {
    HashMapShape shape = new HashMapShape(bitWidth, bucketSize);
    Map<CborBytes, CborValue> model = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      model.put(Trees.key("key " + i), BEFORE);
    }
    HashMapEditor.Built built = Trees.build(shape, model);
    assertEquals(
        bytes(built), HashMapSize.ofNewNodes(shape, model.keySet(), model.keySet(), AFTER));

    HashMapEditor editor =
        IpldHashMap.openAnyShape(Trees.store(built.newBlocks()), built.root()).edit();
    Set<CborBytes> changed = new HashSet<>();
    for (int i = 0; i < changes; i++) {
      editor.put(Trees.key("key " + i), AFTER);
      changed.add(Trees.key("key " + i));
    }
    if (changes > 0) {
      assertEquals(
          bytes(editor.build()), HashMapSize.ofNewNodes(shape, model.keySet(), changed, AFTER));
    }
  }

  private static long bytes(HashMapEditor.Built built) {
    return built.newBlocks().stream().mapToLong(block -> block.bytes().length).sum();
  }
}
