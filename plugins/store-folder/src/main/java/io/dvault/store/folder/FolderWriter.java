package io.dvault.store.folder;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.CarWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Writes one CAR and its index so that a kill or power cut at any point leaves either all of it or only temporary
 * files: temp, fsync, rename, fsync of the folder. docs/threat-model.md T23. One fsync of data a
 * CAR, however many blocks it has; the index needs none, since a torn one is seen by its checksum
 * and rebuilt.
 */
final class FolderWriter {
  private static final int BUFFER = 1 << 20;
  private final Path folder;
  private final Consumer<String> steps;

  /** @param steps hears the name of each step when it is done, for tests that stop the process there */
  FolderWriter(Path folder, Consumer<String> steps) {
    this.folder = folder;
    this.steps = steps;
  }

  void write(Path car, List<Cid> roots, Collection<Block> blocks) throws IOException {
    Path temp = temp(folder);
    try {
      publish(temp, writeCar(temp, roots, blocks), car);
    } finally {
      Files.deleteIfExists(temp);
    }
  }

  /** Gives a CAR, whole and on the disk, its index and its name. */
  void publish(Path temp, ByteBuffer index, Path car) throws IOException {
    Path tempIndex = temp(folder);
    try {
      writeIndex(tempIndex, index);
      steps.accept("index written");
      rename(tempIndex, CarFile.indexOf(car)); // first, so that nobody ever sees the CAR without it
      steps.accept("index renamed");
      rename(temp, car);
      steps.accept("car renamed");
      syncFolder(folder);
      steps.accept("folder synced");
    } finally {
      Files.deleteIfExists(tempIndex);
    }
  }

  private ByteBuffer writeCar(Path temp, List<Cid> roots, Collection<Block> blocks)
      throws IOException {
    List<CarIndex.Entry> entries = new ArrayList<>(blocks.size());
    Set<Cid> seen = HashSet.newHashSet(blocks.size());
    try (FileChannel file =
        FileChannel.open(temp, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER);
      CarWriter writer = new CarWriter(out, roots);
      steps.accept("car begun");
      for (Block block : blocks) {
        if (seen.add(block.cid())) {
          entries.add(CarFile.entry(writer.write(block)));
        }
      }
      out.flush();
      steps.accept("car written");
      file.force(true);
      steps.accept("car synced");
      return CarIndex.encode(entries, writer.position());
    }
  }

  /** A new name; not {@code createTempFile}, whose mode would keep other accounts' gateways out: this is public. */
  static Path temp(Path folder) {
    return folder.resolve(
        FolderBlockStore.TEMP_PREFIX + UUID.randomUUID() + FolderBlockStore.TEMP_SUFFIX);
  }

  static void writeIndex(Path temp, ByteBuffer index) throws IOException {
    try (FileChannel out =
        FileChannel.open(temp, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (index.hasRemaining()) {
        out.write(index);
      }
    }
  }

  static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  static void syncFolder(Path folder) throws IOException {
    try (FileChannel handle = FileChannel.open(folder, StandardOpenOption.READ)) {
      handle.force(true);
    }
  }
}
