package io.dvault.spi;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that one process at a time holds open and locked; the kernel takes the lock back when the process dies. POSIX
 * locks belong to a process, and closing any second channel or stream on the file lets go of them: therefore this JVM
 * remembers what it holds and does not open it again, and who holds one reads it through {@link #channel} alone.
 */
public final class ExclusiveFile implements AutoCloseable {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path name;
  private final FileChannel channel;

  private ExclusiveFile(Path name, FileChannel channel) {
    this.name = name;
    this.channel = channel;
  }

  /**
   * Opens and locks {@code file}, whose folder exists; empty when somebody holds it, in this JVM or in another process.
   *
   * @param how as {@link FileChannel#open} takes it; to write, among others, for else there is no lock
   */
  public static Optional<ExclusiveFile> tryOpen(Path file, OpenOption... how) throws IOException {
    Path name = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
    if (!HELD.add(name)) {
      return Optional.empty();
    }
    Optional<FileChannel> locked = Optional.empty();
    try {
      locked = locked(file, how);
      return locked.map(channel -> new ExclusiveFile(name, channel));
    } finally {
      if (locked.isEmpty()) {
        HELD.remove(name);
      }
    }
  }

  private static Optional<FileChannel> locked(Path file, OpenOption... how) throws IOException {
    FileChannel channel = FileChannel.open(file, how);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null; // given back with the channel
      return locked ? Optional.of(channel) : Optional.empty();
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  /** The one channel on the file; closed with this. */
  public FileChannel channel() {
    return channel;
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(name);
    }
  }
}
