package io.dvault.disk;

import io.dvault.disk.Checkpoint.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Writes that survive a power cut: temp, fsync, rename, fsync of the folder (docs/threat-model.md
 * T23). Files are 0600 when they are created and have owner and mode before their first byte (T32).
 */
public final class DurableFiles {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(permissions(0600));
  private static final int WIPE = 8192;

  private final Checkpoint checkpoint;

  public DurableFiles(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** Creates or replaces {@code target} as a whole. */
  public void replace(Path target, byte[] content, int mode) throws IOException {
    Path temp = target.resolveSibling("." + target.getFileName() + ".new");
    Files.deleteIfExists(temp);
    create(temp, content, mode, Optional.empty());
    checkpoint.reached(Step.TEMP_WRITTEN);
    rename(temp, target);
  }

  /** Creates a file that must not exist, and syncs it; the folder is the caller's to sync. */
  public void create(Path file, byte[] content, int mode, Optional<Owner> owner)
      throws IOException {
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options, PRIVATE)) {
      checkpoint.reached(Step.TEMP_CREATED);
      if (owner.isPresent()) {
        owner.get().give(file);
      }
      Files.setPosixFilePermissions(file, permissions(mode)); // exact, whatever the umask took away
      write(channel, file, content);
    }
  }

  private static void write(FileChannel channel, Path file, byte[] content) throws IOException {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) { // of a full disk the JDK does not say where
      throw new FileSystemException(file.toString(), null, e.getMessage());
    }
  }

  /** Renames within a folder and syncs it. */
  public void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(
          "cannot rename atomically in " + to.getParent() + ": it must be a local file system", e);
    }
    checkpoint.reached(Step.RENAMED);
    sync(to.getParent());
  }

  /** Makes {@code link} point to {@code target} in one step. */
  public void relink(Path link, Path target) throws IOException {
    Path temp = link.resolveSibling("." + link.getFileName() + ".new");
    Files.deleteIfExists(temp);
    Files.createSymbolicLink(temp, target);
    rename(temp, link);
  }

  public static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Makes a folder and those above it; existing ones stay as they are. */
  public static void folders(Path folder, int mode) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (folder.getParent() != null) {
      folders(folder.getParent(), 0755);
    }
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(permissions(mode)));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
      return;
    }
    Files.setPosixFilePermissions(folder, permissions(mode));
    sync(folder.getParent());
  }

  /**
   * Overwrites a regular file and removes it. On flash and journals old blocks may outlive this;
   * nothing here can help.
   */
  public static void wipe(Path file) throws IOException {
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
        long left = channel.size();
        while (left > 0) {
          left -= channel.write(ByteBuffer.allocate((int) Math.min(WIPE, left)));
        }
        channel.force(false);
      }
    }
    Files.deleteIfExists(file);
  }

  /** Wipes everything below and including {@code folder}, never through a link. */
  public static void wipeTree(Path folder) throws IOException {
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      try (var children = Files.newDirectoryStream(folder)) {
        for (Path child : children) {
          wipeTree(child);
        }
      }
      Files.delete(folder);
    } else {
      wipe(folder);
    }
  }

  public static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all =
        PosixFilePermission.values(); // OWNER_READ first, OTHERS_EXECUTE last
    for (int i = 0; i < all.length; i++) {
      if ((mode >> all.length - 1 - i & 1) == 1) {
        set.add(all[i]);
      }
    }
    return set;
  }
}
