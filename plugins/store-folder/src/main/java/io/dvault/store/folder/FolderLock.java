package io.dvault.store.folder;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** The right to write to the folder, held by one process at a time; the kernel takes it back when the process dies. */
final class FolderLock implements AutoCloseable {
  private static final long PAUSE_MILLIS = 20;
  private final FileChannel file;

  private FolderLock(FileChannel file) {
    this.file = file;
  }

  /** Waits up to {@code patience}; throws a DiagnosticException (DV411) then. */
  static FolderLock take(Path folder, Duration patience) throws IOException {
    FileChannel file =
        FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    long giveUp = System.nanoTime() + patience.toNanos();
    boolean taken = false;
    try {
      while (!(taken = isFree(file))) {
        if (System.nanoTime() - giveUp >= 0) {
          throw new DiagnosticException(Diagnostic.error("DV411", "another process writes to the block folder",
              folder + " has been locked for " + patience.toSeconds() + " s.",
              "Wait for the other dvault to end, then run this again; what is done already is kept."));
        }
        Thread.sleep(PAUSE_MILLIS);
      }
      return new FolderLock(file);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + folder, e);
    } finally {
      if (!taken) {
        file.close();
      }
    }
  }

  private static boolean isFree(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // another store of this JVM has it
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
