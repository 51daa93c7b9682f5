package io.dvault.dag;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.Cid;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Makes HashMaps and CAR files for tests. */
final class Trees {
  private Trees() {}

  static CborBytes key(String text) {
    return CborValue.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static Map<CborBytes, CborValue> random(long seed, int count) {
    Random random = new Random(seed);
    Map<CborBytes, CborValue> entries = new TreeMap<>();
    while (entries.size() < count) {
      byte[] key = new byte[1 + random.nextInt(40)];
      random.nextBytes(key);
      entries.put(
          CborValue.of(key), CborValue.of(random.nextLong() >> 12)); // what JavaScript can count
    }
    return entries;
  }

  static HashMapEditor.Built build(HashMapShape shape, Map<CborBytes, CborValue> entries) {
    HashMapEditor editor = HashMapEditor.empty(shape);
    entries.forEach(editor::put);
    return editor.build();
  }

  static MemoryBlockStore store(Collection<Block> blocks) {
    MemoryBlockStore store = new MemoryBlockStore();
    blocks.forEach(store::add);
    return store;
  }

  static Map<CborBytes, CborValue> entries(IpldHashMap map) {
    Map<CborBytes, CborValue> entries = new TreeMap<>();
    map.forEach(entry -> {
      if (entries.put(entry.key(), entry.value()) != null) {
        throw new IllegalStateException("key comes twice: " + entry.key());
      }
    });
    return entries;
  }

  static void writeCar(Path file, HashMapEditor.Built built) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      CarWriter car = new CarWriter(out, List.of(built.root()));
      for (Block block : built.newBlocks()) {
        car.write(block);
      }
    }
  }

  /** All blocks of a CAR with one root. */
  record Car(Cid root, MemoryBlockStore store, int blocks) {}

  static Car readCar(Path file) throws IOException, MalformedCarException {
    MemoryBlockStore store = new MemoryBlockStore();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      CarReader car = new CarReader(in, CarLimits.NONE);
      int blocks = 0;
      for (Optional<CarSection> section = car.next(); section.isPresent(); section = car.next()) {
        store.add(section.get().block());
        blocks++;
      }
      return new Car(car.roots().getFirst(), store, blocks);
    }
  }
}
