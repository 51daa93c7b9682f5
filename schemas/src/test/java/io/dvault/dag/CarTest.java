package io.dvault.dag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.testing.Vectors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CarTest {
  private final Block raw = Block.of(Codec.RAW, "sealed".getBytes(StandardCharsets.UTF_8));
  private final Block node = Block.of(Codec.DAG_CBOR, DagCbor.encode(CborValue.of(raw.cid())));
  private final Block empty = Block.of(Codec.RAW, new byte[0]);
  private final Block full = Block.of(Codec.RAW, new byte[Block.MAX_LENGTH]);

  private static byte[] write(List<Cid> roots, List<Block> blocks, List<CarSection> index) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      CarWriter car = new CarWriter(out, roots);
      for (Block block : blocks) {
        index.add(car.write(block));
      }
      assertEquals(out.size(), car.position());
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    return out.toByteArray();
  }

  private static List<CarSection> read(CarReader car) throws IOException, MalformedCarException {
    List<CarSection> sections = new ArrayList<>();
    for (Optional<CarSection> next = car.next(); next.isPresent(); next = car.next()) {
      sections.add(next.get());
    }
    return sections;
  }

  private static List<CarSection> read(byte[] bytes) throws IOException, MalformedCarException {
    return read(new CarReader(new ByteArrayInputStream(bytes), CarLimits.NONE));
  }

  private static void refused(String reason, byte[] bytes) {
    MalformedCarException refused = assertThrows(MalformedCarException.class, () -> read(bytes));
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
  }

  private static void refused(String reason, String hex) {
    refused(reason, HexFormat.of().parseHex(hex));
  }

  @Test
  void read_whatWasWritten_isTheSameWithItsOffsets() throws Exception {
    List<CarSection> index = new ArrayList<>();
    List<Block> blocks = List.of(node, raw, empty, full);
    byte[] bytes = write(List.of(node.cid()), blocks, index);
    CarReader car = new CarReader(new ByteArrayInputStream(bytes), CarLimits.NONE);
    assertEquals(List.of(node.cid()), car.roots());
    assertEquals(index, read(car));
    assertEquals(bytes.length, car.position());
    for (CarSection section : index) {
      int from = (int) section.offset();
      byte[] slice = Arrays.copyOfRange(bytes, from, from + section.block().bytes().length);
      assertArrayEquals(section.block().bytes(), slice);
    }
  }

  @Test
  void write_fixtureAgain_givesTheSameFile() throws Exception {
    byte[] bytes = Files.readAllBytes(Vectors.folder("hamt").resolve("hamt.car"));
    CarReader car = new CarReader(new ByteArrayInputStream(bytes), CarLimits.NONE);
    List<Block> blocks = read(car).stream().map(CarSection::block).toList();
    assertEquals(36, blocks.size());
    assertArrayEquals(bytes, write(car.roots(), blocks, new ArrayList<>()));
  }

  @Test
  void lengths_knownBeforehand_areThoseWritten() {
    for (int roots : new int[] {0, 1, 4, 300}) {
      List<Cid> many = Collections.nCopies(roots, node.cid());
      assertEquals(write(many, List.of(), new ArrayList<>()).length, CarWriter.headerLength(many));
    }
    int bare = write(List.of(), List.of(), new ArrayList<>()).length;
    for (int length : new int[] {0, 91, 92, 127, 128, 16_347, 16_348, Block.MAX_LENGTH}) {
      Block block = Block.of(Codec.RAW, new byte[length]);
      assertEquals(
          write(List.of(), List.of(block), new ArrayList<>()).length - bare,
          CarWriter.sectionLength(length));
    }
  }

  @Test
  void read_noRootsNoBlocks_isEmpty() throws Exception {
    assertEquals(List.of(), read(write(List.of(), List.of(), new ArrayList<>())));
  }

  @Test
  @Tag("T14")
  void read_cutAnywhere_isRefusedOrEndsAfterAWholeBlock() throws Exception {
    List<CarSection> index = new ArrayList<>();
    byte[] bytes = write(List.of(node.cid()), List.of(node, raw, empty), index);
    int whole = 0;
    for (int length = 0; length < bytes.length; length++) {
      try {
        assertEquals(index.subList(0, whole), read(Arrays.copyOf(bytes, length)));
        whole++;
      } catch (MalformedCarException e) {
        assertTrue(e.offset() <= length, e.getMessage());
      }
    }
    assertEquals(3, whole, "ends after the header and after each block but the last");
  }

  @Test
  @Tag("T14")
  void read_anyFlippedBit_isRefusedOrHarmless() throws Exception {
    List<CarSection> index = new ArrayList<>();
    byte[] bytes = write(List.of(node.cid()), List.of(node, raw), index);
    int headerEnd = (int) index.getFirst().offset() - Cid.LENGTH - 1;
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      if (bit / 8 >= headerEnd) {
        assertThrows(MalformedCarException.class, () -> read(flipped), "bit " + bit);
      } else {
        readOrRefuse(flipped); // may be another root's digest: the header is not hashed
      }
    }
  }

  @Test
  @Tag("T15")
  void read_randomBytes_isRefused() throws IOException {
    Random random = new Random(9);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(200)];
      random.nextBytes(bytes);
      assertThrows(MalformedCarException.class, () -> read(bytes));
    }
  }

  private static void readOrRefuse(byte[] bytes) throws IOException {
    try {
      for (CarSection section : read(bytes)) {
        assertEquals(
            Cid.of(section.block().cid().codec(), section.block().bytes()),
            section.block().cid());
      }
    } catch (MalformedCarException e) {
      assertTrue(e.offset() >= 0);
    }
  }

  @Test
  @Tag("T15")
  void read_lengths_areTheShortestAndBelieved() {
    String header = HexFormat.of().formatHex(write(List.of(), List.of(), new ArrayList<>()));
    refused("empty", "");
    refused("length is over", "ffffff7f");
    refused("length is over", "ffffffffff");
    refused("shortest form", "8000");
    refused("ends inside a section", "20a2");
    refused("section is shorter than a CID", header + "00");
    refused("section is shorter than a CID", header + "23" + "00".repeat(35));
    refused("only CIDv1", header + "24" + "00".repeat(36));
    refused("ends inside a length", header + "80");
    refused("length is over", header + "a58040"); // 36 + 1 MiB + 1
    refused("length is over", header + "ffffffff0f");
    String cut = HexFormat.of().formatHex(full.cid().toBytes());
    refused("ends inside a section", header + "a48040" + cut); // promises 1 MiB, brings nothing
  }

  @Test
  void read_headerOfAnotherForm_isRefused() {
    refused(
        "CAR header.version",
        header(Map.of("version", CborValue.of(2), "roots", CborValue.of(List.of()))));
    refused("\"roots\" is missing", header(Map.of("version", CborValue.of(1))));
    refused(
        "unknown key",
        header(Map.of(
            "version", CborValue.of(1), "roots", CborValue.of(List.of()), "more", CborValue.NULL)));
    refused(
        "expected links",
        header(Map.of("version", CborValue.of(1), "roots", CborValue.of(List.of(CborValue.NULL)))));
  }

  private static byte[] header(Map<String, CborValue> map) {
    byte[] header = DagCbor.encode(CborValue.of(map));
    byte[] bytes = new byte[1 + header.length];
    bytes[0] = (byte) header.length;
    System.arraycopy(header, 0, bytes, 1, header.length);
    return bytes;
  }

  @Test
  @Tag("T14")
  void read_overItsLimits_isRefusedInTime() throws Exception {
    byte[] bytes = write(List.of(), List.of(raw, node, empty), new ArrayList<>());
    CarReader blocks = new CarReader(new ByteArrayInputStream(bytes), new CarLimits(2, 1 << 20));
    assertThrows(MalformedCarException.class, () -> read(blocks));
    CarReader size =
        new CarReader(new ByteArrayInputStream(bytes), new CarLimits(9, bytes.length - 1));
    assertThrows(MalformedCarException.class, () -> read(size));
    CarReader enough =
        new CarReader(new ByteArrayInputStream(bytes), new CarLimits(3, bytes.length));
    assertEquals(3, read(enough).size());
  }

  @Test
  @Tag("T14")
  void read_endlessStream_endsAtItsLimit() throws Exception {
    byte[] header = write(List.of(), List.of(), new ArrayList<>());
    byte[] section =
        Arrays.copyOfRange(write(List.of(), List.of(raw), new ArrayList<>()), header.length, 1000);
    int length = 1 + Cid.LENGTH + raw.bytes().length;
    InputStream endless = new InputStream() {
      private long at;

      @Override
      public int read() {
        long now = at++;
        return now < header.length
            ? header[(int) now] & 0xff
            : section[(int) ((now - header.length) % length)] & 0xff;
      }
    };
    CarReader car = new CarReader(endless, new CarLimits(Long.MAX_VALUE, 100_000));
    assertThrows(MalformedCarException.class, () -> read(car));
    assertTrue(car.position() <= 100_000 + length, "stopped at " + car.position());
  }
}
