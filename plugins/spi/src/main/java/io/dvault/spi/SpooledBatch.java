package io.dvault.spi;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockBatch;
import io.dvault.dag.BlockStore;
import io.dvault.dag.CarLimits;
import io.dvault.dag.CarReader;
import io.dvault.dag.CarSection;
import io.dvault.dag.CarWriter;
import io.dvault.dag.MalformedCarException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.AbstractCollection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A batch for a store that wants to know the root first: the blocks wait in a temporary CAR, which
 * only this account can
 * read and which has no name any more where the system allows that, and are put from there one by one.
 */
public final class SpooledBatch implements BlockBatch {
  private static final int BUFFER = 1 << 18;

  private final BlockStore store;
  private final Path path;
  private final FileChannel file;
  private final OutputStream out;
  private final CarWriter writer;
  private int count;

  public SpooledBatch(BlockStore store) {
    this.store = store;
    try {
      this.path = Files.createTempFile("dvault-blocks-", ".car");
      this.file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      Files.deleteIfExists(path); // a killed process leaves nothing
      this.out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER);
      this.writer = new CarWriter(out, List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void add(Block block) {
    try {
      writer.write(block);
      count = Math.incrementExact(count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void commit(Cid root) {
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    store.put(List.of(root), new Spooled());
  }

  @Override
  public void close() {
    try {
      file.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the file anew for each iterator, of which one at a time is in use; hashes what it reads. */
  private final class Spooled extends AbstractCollection<Block> {
    @Override
    public int size() {
      return count;
    }

    @Override
    public Iterator<Block> iterator() {
      try {
        file.position(0);
        CarReader reader = new CarReader(
            new BufferedInputStream(Channels.newInputStream(file), BUFFER), CarLimits.NONE);
        return new Iterator<>() {
          private Optional<CarSection> next = read(reader);

          @Override
          public boolean hasNext() {
            return next.isPresent();
          }

          @Override
          public Block next() {
            Block block = next.orElseThrow(NoSuchElementException::new).block();
            next = read(reader);
            return block;
          }
        };
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (MalformedCarException e) {
        throw new IllegalStateException("a temporary CAR that this process wrote is damaged", e);
      }
    }
  }

  private static Optional<CarSection> read(CarReader reader) {
    try {
      return reader.next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedCarException e) {
      throw new IllegalStateException("a temporary CAR that this process wrote is damaged", e);
    }
  }
}
