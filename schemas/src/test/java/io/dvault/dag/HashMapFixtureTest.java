package io.dvault.dag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.testing.Vectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The HashMap "alice words" of ipld/ipld: bitWidth 5, bucketSize 3, each word of the text with its places. */
class HashMapFixtureTest {
  private static final HashMapShape SHAPE = new HashMapShape(5, 3);
  private static final int FIRST_LINE =
      2; // the fixture was made from a file with one more line before the text

  @Test
  void openAnyShape_fixture_holdsEachWordOfTheText() throws Exception {
    Path folder = Vectors.folder("hamt");
    Trees.Car car = Trees.readCar(folder.resolve("hamt.car"));
    IpldHashMap map = IpldHashMap.openAnyShape(car.store(), car.root());
    assertEquals(SHAPE, map.shape());
    assertEquals(
        "bafyreic672jz6huur4c2yekd3uycswe2xfqhjlmtmm5dorb6yoytgflova", map.cid().toString());
    assertTrue(words(folder).equals(Trees.entries(map)), "the same words at the same places");
    words(folder).forEach((word, places) -> assertEquals(places, map.find(word).orElseThrow()));
  }

  @Test
  void build_wordsOfTheFixture_givesItsRootAndAllItsBlocks() throws Exception {
    Path folder = Vectors.folder("hamt");
    Trees.Car car = Trees.readCar(folder.resolve("hamt.car"));
    HashMapEditor.Built built = Trees.build(SHAPE, words(folder));
    assertEquals(car.root(), built.root());
    assertEquals(car.store().all(), Trees.store(built.newBlocks()).all());
    assertEquals(car.blocks(), built.newBlocks().size());
  }

  @Test
  void open_fixture_isRefusedForItsShape() throws Exception {
    Trees.Car car = Trees.readCar(Vectors.folder("hamt").resolve("hamt.car"));
    assertThrows(MalformedBlockException.class, () -> IpldHashMap.open(car.store(), car.root()));
  }

  /** Each match of \w+ → list of {line, column}. */
  private static Map<CborBytes, CborValue> words(Path folder) throws Exception {
    Map<CborBytes, List<CborValue>> places = new TreeMap<>();
    List<String> lines = Files.readAllLines(folder.resolve("words.txt"));
    Pattern word = Pattern.compile("\\w+");
    for (int line = 0; line < lines.size(); line++) {
      Matcher matcher = word.matcher(lines.get(line));
      while (matcher.find()) {
        CborValue place = CborValue.of(Map.of(
            "line", CborValue.of(line + FIRST_LINE), "column", CborValue.of(matcher.start() + 1)));
        places
            .computeIfAbsent(Trees.key(matcher.group()), unused -> new ArrayList<>())
            .add(place);
      }
    }
    Map<CborBytes, CborValue> words = new TreeMap<>();
    places.forEach((key, list) -> words.put(key, CborValue.of(list)));
    return words;
  }
}
