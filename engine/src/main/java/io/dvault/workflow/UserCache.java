package io.dvault.workflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Where this user's dVault keeps what it may lose at any time: {@code $XDG_CACHE_HOME/dvault}, or {@code
 * ~/.cache/dvault}, with mode 0700. Never in the repository, which may come from anyone. Readers verify what
 * they find there. Without such a folder there is no cache.
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
}
