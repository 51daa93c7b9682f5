package io.dvault.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** The worked examples of {@code schemas/spec/*.md}. */
public final class Spec {
  private Spec() {}

  public static String text(String file) throws IOException {
    return Files.readString(Path.of(System.getProperty("dvault.root"), "schemas", "spec", file));
  }

  /** The bytes in the block that starts with the line {@code ```hex name}. */
  public static byte[] hex(String file, String name) throws IOException {
    String text = text(file);
    String fence = "```hex " + name + "\n";
    int start = text.indexOf(fence);
    assertTrue(start >= 0, file + " has no block " + name);
    String block =
        text.substring(start + fence.length(), text.indexOf("```", start + fence.length()));
    return HexFormat.of().parseHex(block.replaceAll("\\s", ""));
  }
}
