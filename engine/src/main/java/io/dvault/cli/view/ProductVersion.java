package io.dvault.cli.view;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** Which dVault this is. */
public final class ProductVersion {
  private ProductVersion() {}

  /** Printed without a {@link Terminal}: this command also measures how fast dVault starts. */
  public static void print(PrintStream out) {
    byte[] line = String.join(
            "",
            "dvault ",
            version(),
            " \u00b7 Java ",
            String.valueOf(Runtime.version().feature()),
            ", ",
            System.getProperty("os.name"),
            " ",
            System.getProperty("os.arch"),
            "\n")
        .getBytes(StandardCharsets.UTF_8);
    out.write(line, 0, line.length);
    out.flush();
  }

  public static String version() {
    Properties properties = new Properties();
    try (InputStream in = ProductVersion.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }
}
