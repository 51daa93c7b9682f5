package io.dvault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The checkout that the tests run in. */
final class Sources {
  private static final Path ROOT = Path.of(System.getProperty("dvault.root", ".."));

  private Sources() {}

  /** A file of the checkout, by its path from the root. */
  static String read(String path) {
    try {
      return Files.readString(ROOT.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean hasPackageInfo(String packageName) {
    Path relative = Path.of("src/main/java", packageName.split("\\.")).resolve("package-info.java");
    try (Stream<Path> modules =
        Stream.concat(Files.list(ROOT), Files.list(ROOT.resolve("plugins")))) {
      return modules.anyMatch(module -> Files.exists(module.resolve(relative)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
