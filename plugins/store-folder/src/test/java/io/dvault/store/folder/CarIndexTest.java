package io.dvault.store.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.dag.CarLimits;
import io.dvault.dag.CarReader;
import io.dvault.dag.CarSection;
import io.dvault.model.Bytes32;
import io.dvault.testing.Spec;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Also the worked example of {@code schemas/spec/folder-store.md}. */
class CarIndexTest {
  private static CarIndex.Entry entry(Cid cid, int i) {
    return new CarIndex.Entry(cid, new CarIndex.Location(100L * i + (1L << 33), i));
  }

  private static List<CarIndex.Entry> entries(int count, Random random) {
    List<CarIndex.Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] digest = new byte[32];
      random.nextBytes(digest);
      digest[0] = (byte) (digest[0] & 3); // crowded, so that the search has work to do
      entries.add(entry(new Cid(Codec.values()[i % 2], Bytes32.of(digest)), i));
    }
    return entries;
  }

  @Test
  void find_anyNumberOfEntries_findsEachAndNothingElse() throws Exception {
    Random random = new Random(7);
    for (int count : new int[] {0, 1, 2, 3, 255, 1000}) {
      List<CarIndex.Entry> entries = entries(count, random);
      CarIndex index = CarIndex.decode(CarIndex.encode(entries, 5), 5).orElseThrow();
      assertEquals(count, index.count());
      entries.forEach(each -> assertEquals(Optional.of(each.location()), index.find(each.cid())));
      entries(200, random).forEach(each -> assertEquals(Optional.empty(), index.find(each.cid())));
    }
  }

  /** Where one stands is guessed by its digest; whoever makes digests that mislead only makes the search longer. */
  @Test
  void find_unevenDigests_findsEachAndNothingElse() {
    Random random = new Random(8);
    for (int shape = 0; shape < 4; shape++) {
      List<CarIndex.Entry> entries = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        byte[] digest = new byte[32];
        random.nextBytes(digest);
        digest[0] = 0;
        for (int j = 1; j < 5; j++) {
          boolean last = i % 100 == 0;
          digest[j] = (byte)
              (shape == 0
                  ? 0
                  : shape == 1 ? 0xff : shape == 2 ? last ? 0xff : j / 4 : last ? 0 : 0x80);
        }
        entries.add(entry(new Cid(Codec.RAW, Bytes32.of(digest)), i));
      }
      CarIndex index = CarIndex.decode(CarIndex.encode(entries, 5), 5).orElseThrow();
      entries.forEach(each -> assertEquals(Optional.of(each.location()), index.find(each.cid())));
      entries(1_000, random)
          .forEach(each -> assertEquals(Optional.empty(), index.find(each.cid())));
    }
  }

  @Test
  void find_sameDigestUnderBothCodecs_tellsThemApart() {
    Bytes32 digest = Bytes32.sha256(new byte[0]);
    List<CarIndex.Entry> entries =
        List.of(entry(new Cid(Codec.DAG_CBOR, digest), 1), entry(new Cid(Codec.RAW, digest), 2));
    CarIndex index = CarIndex.decode(CarIndex.encode(entries, 5), 5).orElseThrow();
    entries.forEach(each -> assertEquals(Optional.of(each.location()), index.find(each.cid())));
  }

  @Test
  void encode_repeatedCid_keepsTheFirst() {
    Cid cid = Cid.of(Codec.RAW, new byte[1]);
    CarIndex index = CarIndex.decode(CarIndex.encode(List.of(entry(cid, 1), entry(cid, 2)), 5), 5)
        .orElseThrow();
    assertEquals(1, index.count());
    assertEquals(1, index.find(cid).orElseThrow().length());
  }

  @Test
  void decode_anyBitFlippedOrAnyLengthCut_isRefused() {
    byte[] good = CarIndex.encode(entries(3, new Random(1)), 5).array();
    assertTrue(CarIndex.decode(ByteBuffer.wrap(good), 6).isEmpty(), "the index of another CAR");
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= (byte) (1 << i % 8);
      assertTrue(CarIndex.decode(ByteBuffer.wrap(bad), 5).isEmpty(), "byte " + i);
      assertTrue(
          CarIndex.decode(ByteBuffer.wrap(java.util.Arrays.copyOf(good, i)), 5).isEmpty(),
          "length " + i);
    }
  }

  @Test
  void encode_exampleOfTheSpecification_isTheseBytes() throws Exception {
    byte[] car = Spec.hex("car.md", "example-car");
    List<CarIndex.Entry> entries = new ArrayList<>();
    CarReader reader = new CarReader(new ByteArrayInputStream(car), CarLimits.NONE);
    for (Optional<CarSection> next = reader.next(); next.isPresent(); next = reader.next()) {
      entries.add(CarFile.entry(next.get()));
    }
    byte[] crc = Spec.hex("folder-store.md", "example-index-crc");
    ByteBuffer expected = ByteBuffer.allocate(24 + 1024 + 88 + 4);
    expected.put(Spec.hex("folder-store.md", "example-index-head"));
    for (int i = 0; i < 256; i++) {
      expected.putInt(i < 0x59 ? 0 : i < 0xc9 ? 1 : 2);
    }
    expected.put(Spec.hex("folder-store.md", "example-index-entries")).put(crc);
    assertArrayEquals(expected.array(), CarIndex.encode(entries, car.length).array());
  }
}
