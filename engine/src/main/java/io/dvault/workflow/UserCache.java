package io.dvault.workflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * What this user's dVault found out before and may forget at any time: small files in {@code
 * $XDG_CACHE_HOME/dvault} (or
 * {@code ~/.cache/dvault}), never in the repository, which may come from anyone. The folder is 0700 and files are 0600;
 * what somebody else could have written is not read. A cache that cannot be read or written is no cache, and nothing
 * more.
 *
 * @param folder empty when the environment names none that is absolute
 */
public record UserCache(Optional<Path> folder) {

  public static UserCache of(RunEnvironment environment) {
    return new UserCache(environment
        .variable("XDG_CACHE_HOME")
        .map(Path::of)
        .or(() -> environment.variable("HOME").map(home -> Path.of(home, ".cache")))
        .filter(Path::isAbsolute)
        .map(cache -> cache.resolve("dvault")));
  }

  /** The file's bytes; empty when there is none, or it is longer than {@code largest}, or not surely this user's. */
  Optional<byte[]> read(String name, long largest) {
    try {
      Optional<Path> file = folder
          .map(each -> each.resolve(name))
          .filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS));
      if (file.isEmpty() || Files.size(file.get()) > largest || !isOwn(file.get())) {
        return Optional.empty();
      }
      return Optional.of(Files.readAllBytes(file.get()));
    } catch (IOException e) {
      return Optional.empty(); // then it is found out again
    }
  }

  /** Whether nobody else can have written it. */
  private static boolean isOwn(Path file) throws IOException {
    return isClosed(file)
        && isClosed(file.getParent())
        && Files.getOwner(file).equals(Files.getOwner(file.getParent()));
  }

  private static boolean isClosed(Path path) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    return !permissions.contains(PosixFilePermission.GROUP_WRITE)
        && !permissions.contains(PosixFilePermission.OTHERS_WRITE);
  }

  /** A folder of the cache for many files, whose reader checks them one by one; empty when there can be none. */
  Optional<Path> folder(String name) {
    try {
      return prepared() ? folder.map(each -> each.resolve(name)) : Optional.empty();
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  private boolean prepared() throws IOException {
    if (folder.isPresent()) {
      Files.createDirectories(
          folder.get(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return folder.isPresent();
  }

  /** Puts the file in place whole; whether that was possible. */
  boolean write(String name, byte[] content) {
    try {
      if (!prepared()) {
        return false;
      }
      Path temporary = Files.createTempFile(folder.get(), "." + name, ".tmp");
      try {
        Files.write(temporary, content);
        Files.move(
            temporary,
            folder.get().resolve(name),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
