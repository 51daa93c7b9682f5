package io.dvault.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Vectors that this project did not write, in the folder beside it. */
public final class Vectors {
  private Vectors() {}

  /** The folder {@code name}; skips the test by name where it is absent. */
  public static Path folder(String name) {
    Path folder = path(name);
    assumeTrue(Files.isDirectory(folder), "needs the vectors in ../shared/vectors/" + name);
    return folder;
  }

  /** A JSON file; skips the test by name where it is absent. */
  public static JsonNode read(String name) {
    Path file = path(name);
    assumeTrue(Files.exists(file), "needs the vectors in ../shared/vectors/" + name);
    return JsonMapper.shared().readTree(file.toFile());
  }

  private static Path path(String name) {
    return Path.of(System.getProperty("dvault.root"), "..", "shared", "vectors")
        .resolve(name)
        .normalize();
  }

  public static byte[] hex(JsonNode object, String field) {
    return HexFormat.of().parseHex(object.get(field).asString());
  }
}
