package io.dvault.store.folder;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.spi.ExclusiveFile;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/** The right to write to the folder, held by one process at a time; the kernel takes it back when the process dies. */
final class FolderLock implements AutoCloseable {
  private static final long PAUSE_MILLIS = 20;
  private final ExclusiveFile file;

  private FolderLock(ExclusiveFile file) {
    this.file = file;
  }

  /** Waits up to {@code patience}; throws a DiagnosticException (DV411) then. */
  static FolderLock take(Path folder, Duration patience) throws IOException {
    long giveUp = System.nanoTime() + patience.toNanos();
    try {
      while (true) {
        Optional<ExclusiveFile> file = ExclusiveFile.tryOpen(
            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (file.isPresent()) {
          return new FolderLock(file.get());
        }
        if (System.nanoTime() - giveUp >= 0) {
          throw new DiagnosticException(
              Diagnostic.error(
                  "DV411",
                  "another process writes to the block folder",
                  folder + " has been locked for " + patience.toSeconds() + " s.",
                  "Wait for the other dvault to end, then run this again; what is done already is kept."));
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + folder, e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
