package io.dvault.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Vectors that this project did not write, in the folder beside it. */
public final class Vectors {
  private Vectors() {}

  /** The folder {@code name}; skips the test by name where it is absent. */
  public static Path folder(String name) {
    Path folder = Path.of(System.getProperty("dvault.root"), "..", "shared", "vectors", name).normalize();
    assumeTrue(Files.isDirectory(folder), "needs the vectors in ../shared/vectors/" + name);
    return folder;
  }
}
