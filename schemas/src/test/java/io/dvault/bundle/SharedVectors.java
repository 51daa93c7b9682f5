package io.dvault.bundle;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Vectors that this project did not write, beside the repository. */
final class SharedVectors {
  private SharedVectors() {}

  static JsonNode read(String name) {
    Path file = Path.of(System.getProperty("dvault.root")).resolve("../shared/vectors").resolve(name);
    assumeTrue(Files.exists(file), "needs shared/vectors/" + name);
    return JsonMapper.shared().readTree(file.toFile());
  }

  static byte[] hex(JsonNode object, String field) {
    return HexFormat.of().parseHex(object.get(field).asString());
  }
}
