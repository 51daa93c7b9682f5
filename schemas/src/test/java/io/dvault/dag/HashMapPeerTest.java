package io.dvault.dag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.testing.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** npm's ipld-hashmap reads what we write, and writes what we read and would have written. */
class HashMapPeerTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final String SCRIPT = Path.of(
          System.getProperty("dvault.root"), "schemas/src/test/js/hashmap.mjs")
      .toString();

  @TempDir
  Path folder;

  @Test
  void hashmapOfNpm_readsOurTree_findsEachEntry() throws Exception {
    Map<CborBytes, CborValue> entries = linked(Trees.random(1, 3_000));
    HashMapEditor.Built built = Trees.build(HashMapShape.DVAULT, entries);
    Path car = folder.resolve("ours.car");
    Trees.writeCar(car, built);
    List<String> lines = Peers.run("node", SCRIPT, "read", car.toString())
        .requireSuccess()
        .lines()
        .toList();
    assertEquals("root " + built.root(), lines.getFirst());
    Map<CborBytes, CborValue> seen = new TreeMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] pair = line.split(" ");
      seen.put(CborValue.of(HEX.parseHex(pair[0])), DagCbor.decode(HEX.parseHex(pair[1])));
    }
    assertEquals(entries, seen);
  }

  @ParameterizedTest
  @CsvSource({"8, 3, 1500", "5, 3, 800", "4, 2, 400", "3, 5, 200"})
  void hashmapOfNpm_writesInItsOrder_givesOurRootAndBlocks(int bitWidth, int bucketSize, int count)
      throws Exception {
    HashMapShape shape = new HashMapShape(bitWidth, bucketSize);
    Map<CborBytes, CborValue> entries = Trees.random(2, count);
    List<CborBytes> shuffled = new ArrayList<>(entries.keySet());
    Collections.shuffle(shuffled, new Random(3));
    List<String> steps = new ArrayList<>();
    shuffled
        .subList(0, 100)
        .forEach(key -> steps.add("+ " + hex(key) + " f6")); // set to something else before
    shuffled.forEach(
        key -> steps.add("+ " + hex(key) + " " + HEX.formatHex(DagCbor.encode(entries.get(key)))));
    Trees.Car theirs = write(shape, steps);

    HashMapEditor.Built built = Trees.build(shape, entries);
    assertEquals(built.root(), theirs.root());
    assertEquals(entries, Trees.entries(IpldHashMap.openAnyShape(theirs.store(), theirs.root())));
    assertEquals(Trees.store(built.newBlocks()).all(), theirs.store().all());
  }

  @Test
  @Tag("T16")
  void hashmapOfNpm_leavesAnEmptyBucketWhenItDeletes_isRefused() throws Exception {
    // Specification, Delete 7.2: an empty bucket goes, and so does its bit. iamap 3.0.6 keeps both.
    List<String> steps = new ArrayList<>();
    Trees.random(4, 20).keySet().forEach(key -> steps.add("+ " + hex(key) + " f6"));
    steps.add(steps.getFirst().replace("+", "-").replace(" f6", ""));
    Trees.Car theirs = write(HashMapShape.DVAULT, steps);
    MalformedBlockException refused = assertThrows(
        MalformedBlockException.class, () -> IpldHashMap.open(theirs.store(), theirs.root()));
    assertTrue(refused.getMessage().contains("a bucket has 1 to 3 entries"), refused.getMessage());
  }

  private Trees.Car write(HashMapShape shape, List<String> steps) throws Exception {
    List<String> lines = new ArrayList<>(List.of(shape.bitWidth() + " " + shape.bucketSize()));
    lines.addAll(steps);
    Path file = Files.write(folder.resolve("steps"), lines);
    Path car = folder.resolve("theirs.car");
    String said =
        Peers.run("node", SCRIPT, "write", file.toString(), car.toString()).requireSuccess();
    Trees.Car theirs = Trees.readCar(car);
    assertEquals("root " + theirs.root(), said.strip());
    return theirs;
  }

  /** As the registry has them: links for values. */
  private static Map<CborBytes, CborValue> linked(Map<CborBytes, CborValue> entries) {
    Map<CborBytes, CborValue> linked = new TreeMap<>();
    entries.forEach((key, value) ->
        linked.put(key, CborValue.of(Cid.of(Codec.DAG_CBOR, DagCbor.encode(value)))));
    return linked;
  }

  private static String hex(CborBytes bytes) {
    return HEX.formatHex(bytes.value());
  }
}
