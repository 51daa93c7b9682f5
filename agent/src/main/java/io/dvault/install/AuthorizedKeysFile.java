package io.dvault.install;

import io.dvault.disk.Checkpoint;
import io.dvault.disk.Checkpoint.Step;
import io.dvault.disk.DurableFiles;
import io.dvault.disk.RefusedException;
import io.dvault.install.AuthorizedKeysText.Line;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One account's authorized_keys on disk. The folder belongs to the account, which may swap it for a
 * link while we work as
 * root: so each folder on the way is opened without following links, and everything happens relative to the open one
 * (openat). Owner and mode of the file stay as they are; a new one belongs to whom its folder
 * belongs, 0600. docs/threat-model.md T32.
 */
final class AuthorizedKeysFile {
  private static final int MAX_BYTES = 4 << 20;

  private final Path base;
  private final Path file;
  private final AuthorizedKeysText text;
  private final Checkpoint checkpoint;

  /**
   * @param base trusted folder to start from; what is above it may be links
   * @param file below {@code base}
   */
  AuthorizedKeysFile(Path base, Path file, AuthorizedKeysText text, Checkpoint checkpoint) {
    this.base = base;
    this.file = file;
    this.text = text;
    this.checkpoint = checkpoint;
  }

  /** Makes the marked block hold exactly {@code lines}; returns whether anything changed. */
  boolean hold(List<Line> lines) throws RefusedException, IOException {
    try (SecureDirectoryStream<Path> folder = openFolder(lines.isEmpty())) {
      return hold(folder, lines);
    } catch (NoSuchFileException e) {
      if (lines.isEmpty()) {
        return false;
      }
      throw new RefusedException(
          "DV551", file.getParent() + " does not exist: the account's home is missing");
    }
  }

  private boolean hold(SecureDirectoryStream<Path> folder, List<Line> lines)
      throws RefusedException, IOException {
    Path name = file.getFileName();
    Optional<PosixFileAttributes> before = attributes(folder, name);
    Optional<byte[]> old = before.isPresent() ? Optional.of(read(folder, name)) : Optional.empty();
    Optional<byte[]> next = text.with(old, lines);
    if (old.isPresent() == next.isPresent()
        && (old.isEmpty() || Arrays.equals(old.get(), next.get()))) {
      return false;
    }
    if (next.isEmpty()) {
      folder.deleteFile(name);
    } else {
      write(folder, name, next.get(), before);
    }
    DurableFiles.sync(file.getParent());
    checkpoint.reached(Step.KEYS_WRITTEN);
    return true;
  }

  private void write(
      SecureDirectoryStream<Path> folder,
      Path name,
      byte[] content,
      Optional<PosixFileAttributes> before)
      throws IOException {
    Path temp = Path.of("." + name + ".dvault");
    if (attributes(folder, temp).isPresent()) {
      folder.deleteFile(temp); // left by a crash
    }
    PosixFileAttributes owner = before.isPresent()
        ? before.get()
        : folder.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
    Set<OpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try (SeekableByteChannel channel = folder.newByteChannel(
        temp, options, PosixFilePermissions.asFileAttribute(DurableFiles.permissions(0600)))) {
      PosixFileAttributeView view = folder.getFileAttributeView(
          temp, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      PosixFileAttributes now = view.readAttributes();
      if (!now.owner().equals(owner.owner())) {
        view.setOwner(owner.owner());
      }
      if (!now.group().equals(owner.group())) {
        view.setGroup(owner.group());
      }
      if (before.isPresent()) {
        view.setPermissions(before.get().permissions());
      }
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (channel instanceof FileChannel sync) {
        sync.force(true);
      }
    }
    folder.move(temp, folder, name);
  }

  /** Opens folder after folder from {@code base}; makes the last one when it alone is missing (a home without .ssh). */
  @SuppressWarnings("StreamResourceLeak") // the caller closes what it gets
  private SecureDirectoryStream<Path> openFolder(boolean forRemoval)
      throws RefusedException, IOException {
    DirectoryStream<Path> opened = Files.newDirectoryStream(base);
    if (!(opened instanceof SecureDirectoryStream<Path> folder)) {
      opened.close();
      throw new RefusedException("DV551", "this system cannot open folders safely (no openat)");
    }
    Path relative = base.relativize(file.getParent());
    for (int i = 0; i < relative.getNameCount(); i++) {
      Path name = relative.getName(i);
      if (name.toString().isEmpty()) {
        return folder;
      }
      try (SecureDirectoryStream<Path> above = folder) {
        Optional<PosixFileAttributes> found = attributes(above, name);
        if (found.isEmpty() && i == relative.getNameCount() - 1 && !forRemoval) {
          makeFolder(base.resolve(relative), above);
          found = attributes(above, name);
        }
        if (found.isPresent() && !found.get().isDirectory()) {
          throw new RefusedException(
              "DV551",
              base.resolve(relative.subpath(0, i + 1)) + " is a link or no folder: not followed");
        }
        folder = above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
      }
    }
    return folder;
  }

  private static void makeFolder(Path folder, SecureDirectoryStream<Path> above)
      throws IOException {
    Files.createDirectory(
        folder, PosixFilePermissions.asFileAttribute(DurableFiles.permissions(0700)));
    PosixFileAttributes owner =
        above.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
    PosixFileAttributeView view = above.getFileAttributeView(
        folder.getFileName(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (!view.readAttributes().owner().equals(owner.owner())) {
      view.setOwner(owner.owner());
      view.setGroup(owner.group());
    }
  }

  private static Optional<PosixFileAttributes> attributes(
      SecureDirectoryStream<Path> folder, Path name) throws IOException {
    try {
      return Optional.of(folder
          .getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .readAttributes());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private byte[] read(SecureDirectoryStream<Path> folder, Path name)
      throws RefusedException, IOException {
    PosixFileAttributes attributes =
        attributes(folder, name).orElseThrow(() -> new NoSuchFileException(name.toString()));
    if (!attributes.isRegularFile()) {
      throw new RefusedException("DV551", file + " is a link or no plain file: not followed");
    }
    if (attributes.size() > MAX_BYTES) {
      throw new RefusedException("DV551", file + " has more than " + MAX_BYTES + " bytes");
    }
    try (SeekableByteChannel channel =
        folder.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
      int count = 0;
      while (bytes.hasRemaining() && count >= 0) {
        count = channel.read(bytes);
      }
      return Arrays.copyOf(bytes.array(), bytes.position());
    }
  }
}
