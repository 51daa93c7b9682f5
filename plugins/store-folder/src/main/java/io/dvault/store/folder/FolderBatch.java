package io.dvault.store.folder;

import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.dag.Block;
import io.dvault.dag.BlockBatch;
import io.dvault.dag.CarWriter;
import io.dvault.model.Bytes32;
import io.dvault.spi.ExclusiveFile;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A CAR that grows while an apply issues, and gets its root, its index and its name at the end. The temporary file is
 * locked as long as the process lives: others may put meanwhile, and what a dead one left is swept
 * by the next. What was
 * written goes to the disk meanwhile, so that the one fsync that counts finds little left to do.
 */
final class FolderBatch implements BlockBatch {
  private static final int BUFFER = 1 << 20;
  private static final long FLUSHED_AT_A_TIME = 64 << 20;
  private static final Cid NO_ROOT_YET =
      new Cid(Codec.DAG_CBOR, Bytes32.ZERO); // as long as any root in a header

  private final FolderBlockStore store;
  private final Path temp;
  private final ExclusiveFile held;
  private final FileChannel file;
  private final OutputStream out;
  private final CarWriter writer;
  private final List<CarIndex.Entry> entries = new ArrayList<>();
  private FutureTask<Void> flush = new FutureTask<>(() -> null);
  private long flushed;

  private FolderBatch(FolderBlockStore store, Path temp, ExclusiveFile held) throws IOException {
    this.store = store;
    this.temp = temp;
    this.held = held;
    this.file = held.channel();
    this.out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER);
    this.writer = new CarWriter(out, List.of(NO_ROOT_YET));
    this.flush.run();
  }

  /** To be called with the folder's lock held: a sweep would take a file that is not locked yet for a left-over. */
  static FolderBatch begin(FolderBlockStore store, Path folder) throws IOException {
    Path temp = FolderWriter.temp(folder).toAbsolutePath();
    ExclusiveFile held = ExclusiveFile.tryOpen(
            temp, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
        .orElseThrow(() -> new IOException(temp + " is locked by another process"));
    try {
      return new FolderBatch(store, temp, held);
    } catch (IOException e) {
      held.close();
      throw e;
    }
  }

  /** Whether nobody is at work on this temporary file any more. */
  static boolean isLeftOver(Path temp) throws IOException {
    try {
      Optional<ExclusiveFile> free = ExclusiveFile.tryOpen(temp, StandardOpenOption.WRITE);
      if (free.isPresent()) {
        free.get().close();
      }
      return free.isPresent();
    } catch (NoSuchFileException e) {
      return false; // its owner was faster
    }
  }

  @Override
  public synchronized void add(Block block) {
    try {
      entries.add(CarFile.entry(writer.write(block)));
      if (writer.position() - flushed >= FLUSHED_AT_A_TIME && flush.isDone()) {
        await(flush);
        out.flush();
        flushed = writer.position();
        flush = new FutureTask<>(() -> {
          file.force(false);
          return null;
        });
        Thread.ofPlatform().daemon().name("flush " + temp.getFileName()).start(flush);
      }
    } catch (IOException e) {
      throw store.unusable(e);
    }
  }

  @Override
  public synchronized void commit(Cid root) {
    try {
      out.flush();
      writeRoot(root);
      store.step("car written");
      await(flush);
      file.force(true);
      store.step("car synced");
      store.adopt(temp, root, CarIndex.encode(entries, writer.position()));
    } catch (IOException e) {
      throw store.unusable(e);
    }
  }

  private void writeRoot(Cid root) throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    new CarWriter(header, List.of(root));
    ByteBuffer bytes = ByteBuffer.wrap(header.toByteArray());
    while (bytes.hasRemaining()) {
      file.write(bytes, bytes.position());
    }
  }

  /** A fault of the disk shows at one of the flushes, and maybe not again at the next. */
  private static void await(FutureTask<Void> flush) throws IOException {
    try {
      flush.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException fault ? fault : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while writing blocks", e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      Files.deleteIfExists(temp); // not there any more after a commit
      held.close();
    } catch (IOException e) {
      throw store.unusable(e);
    }
  }
}
