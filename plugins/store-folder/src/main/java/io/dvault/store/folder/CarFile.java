package io.dvault.store.folder;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.CarLimits;
import io.dvault.dag.CarReader;
import io.dvault.dag.CarSection;
import io.dvault.dag.MalformedCarException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** One CAR of the folder with its index, both opened when first needed. Safe for many threads. */
final class CarFile implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CarFile.class.getName());
  private final Path car;
  private final Semaphore mayStayOpen;
  private FileChannel channel;
  private CarIndex index;

  /** @param mayStayOpen one permit for each CAR that may stay open; the others are opened for each read */
  CarFile(Path car, Semaphore mayStayOpen) {
    this.car = car;
    this.mayStayOpen = mayStayOpen;
  }

  Path path() {
    return car;
  }

  static Path indexOf(Path car) {
    String name = car.getFileName().toString();
    return car.resolveSibling(name.substring(0, name.length() - ".car".length()) + ".idx");
  }

  /** The block when this CAR has it and its bytes still hash to its CID; empty when it does not list it. */
  Optional<Block> find(Cid cid) throws IOException {
    Optional<CarIndex.Location> location = index().find(cid);
    if (location.isEmpty()) {
      return Optional.empty();
    }
    Block block = Block.of(cid.codec(), read(location.get()));
    if (!block.cid().equals(cid)) {
      throw new IOException("bytes at " + location.get().offset() + " do not hash to it");
    }
    return Optional.of(block);
  }

  private byte[] read(CarIndex.Location location) throws IOException {
    Optional<FileChannel> kept = keptOpen();
    if (kept.isEmpty()) {
      try (FileChannel once = FileChannel.open(car, StandardOpenOption.READ)) {
        return read(once, location);
      }
    }
    try {
      return read(kept.get(), location);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (
        ClosedChannelException e) { // by the interrupt of another reader: Java closes channels so
      try (FileChannel once = FileChannel.open(car, StandardOpenOption.READ)) {
        return read(once, location);
      }
    }
  }

  private static byte[] read(FileChannel from, CarIndex.Location location) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(location.length());
    while (into.hasRemaining()) {
      if (from.read(into, location.offset() + into.position()) < 0) {
        throw new IOException("ends at " + from.size() + ", inside a block");
      }
    }
    return into.array();
  }

  private synchronized Optional<FileChannel> keptOpen() throws IOException {
    if (channel == null && !mayStayOpen.tryAcquire()) {
      return Optional.empty();
    }
    if (channel == null || !channel.isOpen()) {
      channel = FileChannel.open(car, StandardOpenOption.READ);
    }
    return Optional.of(channel);
  }

  private synchronized CarIndex index() throws IOException {
    if (index == null) {
      Optional<CarIndex> loaded = load();
      index = loaded.isPresent() ? loaded.get() : rebuild();
    }
    return index;
  }

  private Optional<CarIndex> load() throws IOException {
    try (FileChannel file = FileChannel.open(indexOf(car), StandardOpenOption.READ)) {
      ByteBuffer mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size());
      return CarIndex.decode(mapped, Files.size(car));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the index of {0} cannot be read: {1}", car, e.toString());
      return Optional.empty(); // rebuilt then
    }
  }

  /** The CAR is the truth: whatever hashes right in it is indexed. */
  private CarIndex rebuild() throws IOException {
    List<CarIndex.Entry> entries = new ArrayList<>();
    boolean whole = true;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(car), 1 << 20)) {
      CarReader reader = new CarReader(in, CarLimits.NONE);
      for (Optional<CarSection> next = reader.next(); next.isPresent(); next = reader.next()) {
        entries.add(entry(next.get()));
      }
    } catch (MalformedCarException e) {
      whole = false;
      LOG.log(
          Level.WARNING,
          "{0} is damaged and serves {1} blocks from before that: {2}",
          car,
          entries.size(),
          e.getMessage());
    }
    long length = Files.size(car);
    ByteBuffer bytes = CarIndex.encode(entries, length);
    if (whole) {
      save(bytes.duplicate());
    }
    return CarIndex.decode(bytes, length)
        .orElseThrow(() -> new IllegalStateException("cannot read own index"));
  }

  static CarIndex.Entry entry(CarSection section) {
    return new CarIndex.Entry(
        section.block().cid(),
        new CarIndex.Location(section.offset(), section.block().bytes().length));
  }

  private void save(ByteBuffer bytes) {
    try {
      Path temp = FolderWriter.temp(car.getParent());
      FolderWriter.writeIndex(temp, bytes);
      FolderWriter.rename(temp, indexOf(car));
    } catch (IOException e) {
      LOG.log(
          Level.DEBUG,
          "the index of {0} stays in memory: {1}",
          car,
          e.toString()); // a read-only folder is fine
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
      mayStayOpen.release();
    }
  }
}
