package io.dvault.git;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a folder's vault is, by the names of files alone.
 *
 * @param start the folder that was asked about, absolute
 * @param root the nearest folder upwards with a {@code vault.yaml}, though not above the git repository; {@code start}
 *     itself when there is none
 * @param top the nearest folder from {@code root} upwards with a {@code .git}
 */
record VaultLocation(Path start, Path root, Optional<Path> top) {
  static final String DOT_GIT = ".git";
  static final String HEAD = "HEAD";

  static VaultLocation of(Path folder) {
    Path start = folder.toAbsolutePath().normalize();
    if (!Files.isDirectory(start)) {
      throw new DiagnosticException(Diagnostic.error("DV025", "there is no folder " + folder));
    }
    Path root = start;
    for (Path each = start; each != null; each = each.getParent()) {
      if (Files.isRegularFile(each.resolve(VaultRepository.MARKER))) {
        root = each;
        break;
      }
      if (Files.exists(each.resolve(DOT_GIT))) {
        break;
      }
    }
    Path top = root;
    while (top != null && !Files.exists(top.resolve(DOT_GIT))) {
      top = top.getParent();
    }
    return new VaultLocation(start, root, Optional.ofNullable(top));
  }

  /** Whether {@code folder} has what a repository without a work tree has: sure only once git's library says so. */
  static boolean looksBare(Path folder) {
    return Files.isRegularFile(folder.resolve(HEAD))
        && Files.isDirectory(folder.resolve("objects"));
  }
}
